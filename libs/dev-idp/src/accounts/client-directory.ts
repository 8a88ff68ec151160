import type { ClientMetadata } from 'oidc-provider';
import { knownScopes, platformScopes } from '../scopes.js';
import type { ClientSettings } from './client.js';
import { builtInClients } from './client.js';

/** The clients of one provider: the built-in ones, replaced or joined by those of the settings. */
export class ClientDirectory {
  readonly #byId: ReadonlyMap<string, ClientSettings>;

  constructor(settings: readonly ClientSettings[]) {
    this.#byId = new Map([...builtInClients, ...settings].map((client) => [client.clientId, client]));
  }

  /** The scopes a client may ask for. */
  allowedScopes(clientId: string): ReadonlySet<string> {
    const client = this.#byId.get(clientId);
    if (client === undefined) return new Set();
    const actsForUsers = client.grants.some((grant) => grant !== 'client_credentials');
    return new Set(client.scopes ?? (actsForUsers ? knownScopes : platformScopes));
  }

  /** The clients in the words of the registration standard. @see RFC 7591 §2 */
  metadata(): ClientMetadata[] {
    return [...this.#byId.values()].map(toMetadata);
  }
}

function toMetadata(client: ClientSettings): ClientMetadata {
  const usesCode = client.grants.includes('authorization_code');
  return {
    client_id: client.clientId,
    client_name: client.name ?? client.clientId,
    grant_types: [...client.grants],
    response_types: usesCode ? ['code'] : [],
    redirect_uris: usesCode ? [...(client.redirectUris ?? [])] : [],
    ...(client.clientSecret === undefined
      ? { application_type: 'native', token_endpoint_auth_method: 'none' }
      : { application_type: 'web', client_secret: client.clientSecret }),
  };
}
