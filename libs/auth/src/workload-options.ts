import { IsFunction, IsText, IsUrlText } from './option-constraints.js';

/** Gives the entries of a key set: public keys as JSON Web Keys. @see RFC 7517 §5 */
export type KeyReader = () => Promise<readonly unknown[]>;

/** Workload tokens: access tokens that this service issues itself, in exchange for those of workloads. */
export class WorkloadOptions {
  /** The `iss` of these tokens. */
  @IsUrlText()
  issuer!: string;

  /** Their one `aud`. */
  @IsText()
  audience!: string;

  /** Where workloads get them; published by discovery. */
  @IsUrlText()
  tokenEndpoint!: string;

  /** Reads the public keys from memory, not over the network. */
  @IsFunction()
  keys!: KeyReader;
}
