import { IsOptional } from 'class-validator';
import { IsText, IsUrlText } from './option-constraints.js';

/** The platform whose hop tokens are accepted: what its gateway sends in place of the caller's own access token. */
export class HopOptions {
  /** Exactly as in the `iss` of its tokens: the platform's public address and `/apis/auth`. */
  @IsUrlText()
  issuer!: string;

  /** What the platform calls this service: the one audience of the tokens for it. */
  @IsText()
  audience!: string;

  /** Where the platform's keys are, if not where its discovery document says. */
  @IsOptional()
  @IsUrlText()
  jwksUri?: string;

  /** Where its discovery document is, if not below the issuer: an internal address, say. */
  @IsOptional()
  @IsUrlText()
  discoveryUrl?: string;
}
