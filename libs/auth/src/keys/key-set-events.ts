/** What a fetch of keys has come to. */
export interface RefreshedKeys {
  /** How many of them can verify tokens. */
  readonly keyCount: number;
  readonly durationMs: number;
}

/** Told how it is with an issuer's keys. */
export interface KeySetEvents {
  /** They were fetched: told each time. */
  refreshed(issuer: string, keys: RefreshedKeys): void;
  /** They cannot be had: told once, until they can. */
  unavailable(issuer: string, reason: string): void;
  /** They can be had again, after they could not. */
  recovered(issuer: string): void;
  /** The key set holds private keys: whoever reads it can sign. */
  privateKeysPublished(issuer: string): void;
}
