// The library oidc-provider as a server, strict about RFC 9068: node oidc-provider-server.mjs PORT KEYS TOKEN_LIFE_SECONDS
import { readFileSync } from 'node:fs';
import { Provider } from 'oidc-provider';

const [port, keysFile, tokenLife] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const account = { email: 'alice@example.com', email_verified: true };
const platform = {
  audience: 'nmp-platform',
  scope: 'openid profile email offline_access platform:read platform:write',
  accessTokenFormat: 'jwt',
  accessTokenTTL: Number(tokenLife),
  jwt: { sign: { alg: 'ES256' } },
};

/** The same API, for those who ask for tokens that only the provider can read. */
const opaque = { ...platform, accessTokenFormat: 'opaque', jwt: undefined };
const { platformKey, ...jwks } = JSON.parse(readFileSync(keysFile, 'utf8'));
const asking = { grant_types: [], response_types: [], redirect_uris: [], id_token_signed_response_alg: 'ES256' };

const provider = new Provider(issuer, {
  jwks,
  clients: [
    {
      ...asking,
      client_id: 'nmp-platform',
      client_secret: 'the-secret-of-the-platform',
      token_endpoint_auth_method: 'client_secret_basic',
    },
    {
      ...asking,
      client_id: 'nmp-platform-with-key',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [platformKey] },
    },
    {
      client_id: 'nmp-cli',
      client_name: 'nemo',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: 'ES256',
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'authorization_code', 'refresh_token'],
      redirect_uris: ['http://127.0.0.1/callback'],
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  clientAuthMethods: ['none', 'client_secret_basic', 'private_key_jwt'],
  enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['ES256'] },
  findAccount: (_context, subject) => ({ accountId: subject, claims: () => ({ sub: subject, ...account }) }),
  extraTokenClaims: () => ({ ...account, groups: ['team-ml'] }),
  rotateRefreshToken: true,
  ttl: { RefreshToken: 3600, DeviceCode: 600, Grant: 3600, Interaction: 600, Session: 3600, IdToken: 600 },
  features: {
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: true, allowedPolicy: (_context, client) => client.clientId.startsWith('nmp-platform') },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:nmp:platform',
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, resource) => (resource === 'urn:nmp:opaque' ? opaque : platform),
    },
  },
});
// It names no interval, and without one a device waits for five seconds.
provider.use(async (context, next) => {
  await next();
  if (context.body?.device_code !== undefined) context.body = { ...context.body, interval: 1 };
});
const server = provider.listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
