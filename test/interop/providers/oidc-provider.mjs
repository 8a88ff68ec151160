import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/process/root.mjs';
import { ServerProcess } from '../../../scripts/process/server-process.mjs';
import { opaqueSteps, opaqueTokenWithoutCredentials } from './opaque-steps.mjs';

const program = join(import.meta.dirname, 'oidc-provider-server.mjs');
const manifest = join(root, 'node_modules', 'oidc-provider', 'package.json');
const startsWithinMs = 60_000;

/** The library `oidc-provider` with access tokens as RFC 9068 has them, and a platform that takes no others. */
export class OidcProvider {
  static name = 'oidc-provider';
  static version = JSON.parse(readFileSync(manifest, 'utf8')).version;
  static find = async () => ({});

  account = { login: 'alice', password: 'any', email: 'alice@example.com', groups: ['team-ml'] };
  notOffered = { 'signing in with a password': 'the library has no password grant' };
  /** What the header of its access tokens says they are. @see RFC 9068 §2.1 */
  tokenType = 'at+jwt';
  /** What `nemo auth doctor` has to say of it. */
  findings = { warnings: ['password grant', 'scopes'] };
  #directory;
  #port;
  #keys = [];
  #platformKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #tokenLife = 600;
  #server;

  /** @param {{ directory: string, port: number }} place */
  constructor(_found, { directory, port }) {
    this.#directory = directory;
    this.#port = port;
    this.issuer = `http://127.0.0.1:${port}`;
    this.platformConfig = `auth:
  profile: rfc9068
  admin_email: admin@example.com
  oidc:
    issuer: ${this.issuer}
    client_id: nmp-cli
    audience: nmp-platform
    default_scopes: openid profile email offline_access platform:read platform:write
`;
    this.#addKey();
    this.variants = this.#withOpaqueTokens();
  }

  async start() {
    const keysFile = join(this.#directory, 'keys.json');
    writeFileSync(
      keysFile,
      JSON.stringify({ keys: this.#keys, platformKey: this.#platformKey.publicKey.export({ format: 'jwk' }) }),
      { mode: 0o600 },
    );
    this.#server = await ServerProcess.start({
      command: process.execPath,
      args: [program, String(this.#port), keysFile, String(this.#tokenLife)],
      logFile: join(this.#directory, 'oidc-provider.log'),
      readyUrl: `${this.issuer}/.well-known/openid-configuration`,
      readyWithinMs: startsWithinMs,
    });
  }

  async stop() {
    await this.#server?.stop();
    this.#server = undefined;
  }

  async close() {
    await this.stop();
  }

  /** Goes through its pages as a person does. */
  async approve(page, { login, password }) {
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('input[name="login"]').fill(login);
    await page.locator('input[name="password"]').fill(password);
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Sign-in Success').waitFor();
  }

  async rotateKeys() {
    this.#addKey();
    await this.#restart();
  }

  async setTokenLife(seconds) {
    this.#tokenLife = seconds;
    await this.#restart();
  }

  /** Platforms that ask for tokens that only the provider can read, and ask it about them in different ways. */
  #withOpaqueTokens() {
    const asking = (lines) => `${this.platformConfig}    login_parameters: { resource: 'urn:nmp:opaque' }
    introspect_opaque_tokens: true
    opaque_token_cache_seconds: 1
${lines}`;
    const secret = '    introspection_client_id: nmp-platform\n    introspection_client_secret: ';
    const key = JSON.stringify(this.#platformKey.privateKey.export({ format: 'jwk' }));
    const withKey = `    introspection_client_id: nmp-platform-with-key\n    introspection_private_key: '${key}'\n`;
    const steps = Object.entries(opaqueSteps);
    return [
      ...steps.map(([name, check]) => ({
        name,
        check,
        platformConfig: asking(`${secret}the-secret-of-the-platform\n`),
      })),
      ...steps
        .slice(0, 1)
        .map(([name, check]) => ({ name: `${name}, with private_key_jwt`, check, platformConfig: asking(withKey) })),
      {
        name: 'an opaque token, when the provider does not let the platform ask',
        check: opaqueTokenWithoutCredentials,
        platformConfig: asking(`${secret}another-secret\n`),
      },
    ];
  }

  /** The first one signs; the others go on verifying. */
  #addKey() {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'ES256' };
    this.#keys.unshift(jwk);
  }

  async #restart() {
    await this.stop();
    await this.start();
  }
}
