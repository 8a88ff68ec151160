import type { JsonWebKey, KeyPairKeyObjectResult } from 'node:crypto';
import { createHash, createPrivateKey, generateKeyPair, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { JWK } from 'oidc-provider';
import writeFileAtomic from 'write-file-atomic';
import { DevIdpError, systemErrorCode, systemErrorReason } from '../errors.js';
import type { Logger } from '../logger.js';
import { closeToOthers } from './private-file.js';

/** What the provider signs with: tokens by `jwks` (private keys), cookies by `cookieKeys`. */
export interface ProviderKeys {
  readonly jwks: { readonly keys: readonly JWK[] };
  readonly cookieKeys: readonly string[];
}

/** Where keys are kept. */
export interface KeyFile {
  readonly path: string;
  readonly logger: Logger;
}

/** The keys of a file, made and written there the first time; without a file, new ones. */
export async function openProviderKeys(file?: KeyFile): Promise<ProviderKeys> {
  const kept = file === undefined ? undefined : await readKeys(file);
  if (kept !== undefined) return kept;
  const keys = await generateKeys();
  if (file !== undefined) await writeFileAtomic(file.path, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}

async function readKeys({ path, logger }: KeyFile): Promise<ProviderKeys | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw new DevIdpError(
      `cannot read ${path} (${systemErrorReason(error)}): make it readable, or move it away to start with new keys`,
      { cause: error },
    );
  }
  const keys = parseKeys(text);
  if (keys === undefined) {
    throw new DevIdpError(
      `${path} is damaged: move it away to start with new keys (everybody signs in again), or choose another data directory`,
    );
  }
  await closeToOthers(path, logger);
  return keys;
}

/** The keys in the text of a key file; an error would quote the text, and the text is a private key. */
function parseKeys(text: string): ProviderKeys | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const { jwks, cookieKeys } = Object(value) as Record<string, unknown>;
  const { keys } = Object(jwks) as Record<string, unknown>;
  if (!Array.isArray(keys) || !keys.every(isSigningKey) || !keys.some(({ alg }) => alg === 'RS256')) return undefined;
  const isSecret = (key: unknown): key is string => typeof key === 'string' && key !== '';
  if (!Array.isArray(cookieKeys) || cookieKeys.length === 0 || !cookieKeys.every(isSecret)) return undefined;
  return { jwks: { keys }, cookieKeys };
}

function isSigningKey(value: unknown): value is JWK {
  const key = Object(value) as JsonWebKey;
  if (typeof key['kid'] !== 'string' || typeof key['alg'] !== 'string') return false;
  try {
    createPrivateKey({ key, format: 'jwk' });
    return true;
  } catch (error) {
    if (systemErrorCode(error) !== undefined) return false;
    throw error;
  }
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
