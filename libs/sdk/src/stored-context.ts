import type { CertificateAuthority } from './certificate-authority.js';
import type { KeychainSignIn, StoredCredentials } from './user-entry.js';

/** One context of the configuration file with what it refers to. */
export interface StoredContext {
  readonly name: string;
  readonly baseUrl?: string;
  /** Whom to trust beside the usual certificate authorities, at this address. */
  readonly certificateAuthority?: CertificateAuthority;
  readonly workspace?: string;
  /** Absent when nobody is signed in, and when the tokens are elsewhere. */
  readonly credentials?: StoredCredentials;
  /** Where the tokens are when they are in the keychain of the operating system. */
  readonly keychain?: KeychainSignIn;
  /** Whether what is there instead is an API key of older versions: it signs nobody in. */
  readonly hasApiKey?: true;
}

/** Whether somebody is signed in to a context, as far as the file tells. */
export function isSignedIn(context: StoredContext | undefined): boolean {
  return context?.credentials !== undefined || context?.keychain !== undefined;
}
