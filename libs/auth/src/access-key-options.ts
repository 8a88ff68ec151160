import { IsFunction, IsText, IsUrlText } from './option-constraints.js';
import type { KeyReader } from './workload-options.js';

/**
 * Access keys: long-lived tokens that this service issues itself to its users, each restricted by scopes of its own. They
 * are good as long as the service says so, on every request.
 */
export class AccessKeyOptions {
  /** The `iss` of these tokens. */
  @IsUrlText()
  issuer!: string;

  /** Their one `aud`. */
  @IsText()
  audience!: string;

  /** Reads the public keys from memory, not over the network. */
  @IsFunction()
  keys!: KeyReader;

  /** Whether the access key of this id (`jti`) may be used now; answered from memory. */
  @IsFunction()
  isActive!: (jti: string, now: Date) => boolean;
}
