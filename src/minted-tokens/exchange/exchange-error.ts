import type { AuthErrorCode } from '@nmp/tokens';

/** Why a token is not exchanged, in the words of OAuth. @see RFC 6749 §5.2, RFC 8693 §2.2.2, RFC 8707 §2 */
export const exchangeErrorCodes = [
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'unsupported_grant_type',
  'temporarily_unavailable',
] as const;

export type ExchangeErrorCode = (typeof exchangeErrorCodes)[number];

/** A token is not exchanged. The message is for the client and says nothing that came out of its token. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';

  constructor(
    readonly code: ExchangeErrorCode,
    message: string,
    readonly options: ErrorOptions & {
      /** @default 400 */
      readonly status?: number;
      /** When asking again can help. */
      readonly retryAfterSeconds?: number;
      /** What the audit calls it, where the token itself was refused. */
      readonly refusal?: AuthErrorCode | 'exchange_no_rule';
    } = {},
  ) {
    super(message, options);
  }
}
