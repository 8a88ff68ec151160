/** A grant type of the token endpoint. */
export type ClientGrant =
  | 'authorization_code'
  | 'client_credentials'
  | 'password'
  | 'refresh_token'
  | 'urn:ietf:params:oauth:grant-type:device_code';

/** Every grant type this provider serves. */
export const clientGrants: readonly ClientGrant[] = [
  'authorization_code',
  'client_credentials',
  'password',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
];

/** An application that may ask for tokens; without a secret it is a public client. */
export interface ClientSettings {
  readonly clientId: string;
  readonly clientSecret?: string;
  /** What the consent page calls the application. @default `clientId` */
  readonly name?: string;
  readonly grants: readonly ClientGrant[];
  /** Beside these, a client without a secret may redirect to any loopback address (RFC 8252 §7.3). */
  readonly redirectUris?: readonly string[];
  /** @default every scope of the provider; with client credentials alone, those of the platform */
  readonly scopes?: readonly string[];
}

/** The clients every provider knows: the command line's public one and a confidential one for CI. */
export const builtInClients: readonly ClientSettings[] = [
  {
    clientId: 'nmp-cli',
    name: 'NeMo Platform CLI',
    grants: ['urn:ietf:params:oauth:grant-type:device_code', 'password', 'authorization_code', 'refresh_token'],
    redirectUris: ['http://127.0.0.1/callback', 'http://localhost/callback', 'http://[::1]/callback'],
  },
  { clientId: 'nmp-ci', clientSecret: 'nmp-ci-secret', name: 'NeMo Platform CI', grants: ['client_credentials'] },
];
