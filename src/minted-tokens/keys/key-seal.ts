import { CompactEncrypt, compactDecrypt, errors, type JWK } from 'jose';
import { StartUpError } from '../../start-up-error.js';
import type { KeyPair } from './signing-key.js';

const ALGORITHM = 'dir';
const ENCRYPTION = 'A256GCM';

/** A key pair as it lies in the database: as it is, or encrypted as a whole. */
export type StoredKeyPair = JWK | { readonly jwe: string };

/** Encrypts key pairs for the database, where there is a key to do so. @see RFC 7516 */
export class KeySeal {
  /** @param encryptionKey 32 bytes; without them key pairs are stored as they are. */
  constructor(private readonly encryptionKey: Uint8Array | undefined) {}

  async seal({ kid, privateJwk }: KeyPair): Promise<StoredKeyPair> {
    if (this.encryptionKey === undefined) return privateJwk;
    const jwe = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(privateJwk)))
      .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION, kid })
      .encrypt(this.encryptionKey);
    return { jwe };
  }

  /**
   * Takes a key pair out of the database. Nothing is believed there that was not encrypted, where things are: whoever
   * could write a key of their own into the table would be believed what they sign.
   * @throws {StartUpError} when it is not stored as this instance would store it.
   */
  async open(kid: string, stored: StoredKeyPair): Promise<KeyPair> {
    const { encryptionKey } = this;
    if (encryptionKey === undefined) {
      if (!isSealed(stored)) return { kid, privateJwk: stored };
      throw unusable('are encrypted: set signing_keys.encryption_key_file');
    }
    if (!isSealed(stored)) throw unusable('are not encrypted, and signing_keys.encryption_key_file is set');
    return { kid, privateJwk: await this.decrypt(stored.jwe, kid, encryptionKey) };
  }

  private async decrypt(jwe: string, kid: string, encryptionKey: Uint8Array): Promise<JWK> {
    try {
      const { plaintext, protectedHeader } = await compactDecrypt(jwe, encryptionKey, {
        keyManagementAlgorithms: [ALGORITHM],
        contentEncryptionAlgorithms: [ENCRYPTION],
      });
      // Whose name it has is encrypted, too: a key that was put in another's place is none.
      if (protectedHeader.kid === kid) return JSON.parse(new TextDecoder().decode(plaintext)) as JWK; // as it was sealed
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
    }
    throw unusable('were encrypted with another key than that in signing_keys.encryption_key_file');
  }
}

function isSealed(stored: StoredKeyPair): stored is { readonly jwe: string } {
  return 'jwe' in stored;
}

function unusable(problem: string): StartUpError {
  return new StartUpError(`the signing keys in the database ${problem}; DELETE FROM signing_keys makes new ones`);
}
