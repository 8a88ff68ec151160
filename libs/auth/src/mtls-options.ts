import { IsIn, IsOptional, Matches } from 'class-validator';

/** Access tokens that are bound to a client certificate. @see RFC 8705 §3 */
export class MtlsOptions {
  /**
   * Where the client's certificate is: `connection`, where this process ends TLS itself, or `header`, where a gateway
   * does, which is believed under the conditions of `trustedHeaders` alone.
   */
  @IsIn(['connection', 'header'], { message: 'must be "connection" or "header"' })
  source!: 'connection' | 'header';

  /** The header in which the gateway writes it, as RFC 9440 has it or as PEM in URL encoding. @default Client-Cert */
  @IsOptional()
  @Matches(/^[A-Za-z0-9-]+$/, { message: "must be a header's name" })
  header?: string;
}
