import type { KeyPairKeyObjectResult } from 'node:crypto';
import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { JWK } from 'oidc-provider';
import writeFileAtomic from 'write-file-atomic';
import { DevIdpError, systemErrorCode } from '../errors.js';

/** What the provider signs with: tokens by `jwks` (private keys), cookies by `cookieKeys`. */
export interface ProviderKeys {
  readonly jwks: { readonly keys: readonly JWK[] };
  readonly cookieKeys: readonly string[];
}

/** The keys kept at `path`, made and written there the first time; without a path, new ones. */
export async function openProviderKeys(path?: string): Promise<ProviderKeys> {
  const kept = path === undefined ? undefined : await readKeys(path);
  if (kept !== undefined) return kept;
  const keys = await generateKeys();
  if (path !== undefined) await writeFileAtomic(path, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}

async function readKeys(path: string): Promise<ProviderKeys | undefined> {
  try {
    // Written by this module alone; anything else is refused by its shape.
    const keys = JSON.parse(await readFile(path, 'utf8')) as Partial<ProviderKeys>;
    if (Array.isArray(keys.jwks?.keys) && Array.isArray(keys.cookieKeys)) return keys as ProviderKeys;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    // The message of a JSON error quotes the text, and the text is a private key.
    if (!(error instanceof SyntaxError)) {
      throw new DevIdpError(`cannot read ${path} (${systemErrorCode(error) ?? 'unknown error'})`, { cause: error });
    }
  }
  throw new DevIdpError(`${path} is damaged; move it away to start with new keys`);
}

async function generateKeys(): Promise<ProviderKeys> {
  const generate = promisify(generateKeyPair);
  const rsa = await generate('rsa', { modulusLength: 2048 });
  const ec = await generate('ec', { namedCurve: 'P-256' });
  return {
    jwks: {
      keys: [signingKey(rsa, 'RS256'), signingKey(ec, 'ES256')],
    },
    cookieKeys: [randomBytes(32).toString('base64url')],
  };
}

function signingKey({ publicKey, privateKey }: KeyPairKeyObjectResult, alg: string): JWK {
  const publicBytes = publicKey.export({ format: 'der', type: 'spki' });
  const kid = createHash('sha256').update(publicBytes).digest('base64url').slice(0, 16);
  return { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
}
