import { type Algorithm, algorithmNames } from '@nmp/tokens';
import { IsBoolean, IsOptional, MinLength, ValidateNested } from 'class-validator';
import { IsListOf, IsReplayStore, IsWholeNumberOf } from './option-constraints.js';
import type { ProofReplayStore } from './replay-store.js';

/** Nonces that clients must put into their proofs: a proof that was made in advance is worth nothing then. */
export class DpopNonceOptions {
  /** What nonces are made with: 32 characters or more, the same for all processes behind one address. @default random, for one process */
  @IsOptional()
  @MinLength(32, { message: 'must be a string of 32 characters or more' })
  secret?: string;

  /** How long a nonce is handed out, in seconds; it is good for as long again. @default 300 */
  @IsOptional()
  @IsWholeNumberOf('seconds', 10, 86_400)
  lifeSeconds?: number;
}

/** Access tokens that are bound to a key: each request proves that its sender holds it. @see RFC 9449 */
export class DpopOptions {
  /** `false` refuses bound tokens, as if nothing were written. @default true */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  enabled?: boolean;

  /** Refuse the provider's tokens that are not bound to a key. @default false */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  required?: boolean;

  /** The signing algorithms of proofs. `none` and HMAC cannot be. @default ['ES256', 'ES384', 'PS256', 'RS256'] */
  @IsOptional()
  @IsListOf(algorithmNames)
  algorithms?: Algorithm[];

  /** How old a proof may be, in seconds; `clockToleranceSeconds` is how far the client's clock may be ahead. @default 60 */
  @IsOptional()
  @IsWholeNumberOf('seconds', 1, 300)
  proofMaxAgeSeconds?: number;

  /** Ask for a nonce of this service in every proof. @default none is asked for */
  @IsOptional()
  @ValidateNested({ message: 'must be an object' })
  nonce?: DpopNonceOptions;

  /** Where the proofs are remembered that were used. Several processes behind one address need one store. @default in memory */
  @IsOptional()
  @IsReplayStore()
  replayStore?: ProofReplayStore;
}
