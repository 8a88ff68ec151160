/** Why a message was not sent. */
export type ForwardingReason =
  | 'no_caller'
  | 'anonymous_caller'
  | 'bound_token'
  | 'unnameable_caller'
  | 'no_token'
  | 'already_authorized'
  | 'unknown_client';

/** A message was not sent: the credentials that belong to it are not there, or must not go where it goes. */
export class ForwardingError extends Error {
  override readonly name = 'ForwardingError';

  constructor(
    /** Stable, for programs. */
    readonly reason: ForwardingReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
