import { webcrypto } from 'node:crypto';
import type * as Oauth from 'oauth4webapi';
import type { ClientKey } from '../client-key.js';
import type { ClientProof } from '../opaque-token-config.js';

/** How a client proves itself, as oauth4webapi has it. @see RFC 6749 §2.3.1, RFC 7523 §2.2 */
export async function clientAuthOf(oauth: typeof Oauth, proof: ClientProof): Promise<Oauth.ClientAuth> {
  if (proof.method === 'private_key_jwt') return oauth.PrivateKeyJwt(await signingKeyOf(proof.key));
  return proof.method === 'client_secret_post'
    ? oauth.ClientSecretPost(proof.secret)
    : oauth.ClientSecretBasic(proof.secret);
}

async function signingKeyOf({ key, kid, algorithm }: ClientKey): Promise<Oauth.PrivateKey> {
  const bytes = key.export({ type: 'pkcs8', format: 'der' });
  const signing = await webcrypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign']);
  return { key: signing, ...(kid !== undefined && { kid }) };
}
