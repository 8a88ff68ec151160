import { webcrypto } from 'node:crypto';
import type { ClientAuth, PrivateKey } from 'oauth4webapi';
import type { ClientKey } from '../client-key.js';
import type { ClientProof } from '../opaque-token-config.js';

/** How a client proves itself, as oauth4webapi has it. @see RFC 6749 §2.3.1, RFC 7523 §2.2 */
export async function clientAuthOf(oauth: typeof import('oauth4webapi'), proof: ClientProof): Promise<ClientAuth> {
  switch (proof.method) {
    case 'client_secret_basic':
      return oauth.ClientSecretBasic(proof.secret);
    case 'client_secret_post':
      return oauth.ClientSecretPost(proof.secret);
    case 'private_key_jwt':
      return oauth.PrivateKeyJwt(await signingKeyOf(proof.key));
  }
}

async function signingKeyOf({ key, kid, algorithm }: ClientKey): Promise<PrivateKey> {
  const bytes = key.export({ type: 'pkcs8', format: 'der' });
  const signing = await webcrypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign']);
  return { key: signing, ...(kid !== undefined && { kid }) };
}
