import { Matches } from 'class-validator';
import { IsText, IsUrlText } from './option-constraints.js';

/** A client of an issuer that is a part of the platform: its own tokens, by client credentials, are those of a service. */
export class ServiceClientOptions {
  /** Exactly as in the `iss` of its tokens: `oidc.issuer` or an additional one. */
  @IsUrlText()
  issuer!: string;

  /** As in the `azp` or `client_id` of its tokens. */
  @IsText()
  clientId!: string;

  /** What the platform calls it: its principal is `service:<name>`. */
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
    message: 'must be 1 to 63 letters, digits, dots, hyphens and underscores',
  })
  name!: string;
}
