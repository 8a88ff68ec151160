import type { AuthErrorCode, InvalidDpopProofReason, InvalidTokenReason, Principal, TokenKind } from '@nmp/tokens';

/** How a caller comes in. `direct`: by `JwtStrategy.run`, wherever its token came from. */
export type AuthTransport =
  | 'http'
  | 'graphql'
  | 'websocket'
  | 'tcp'
  | 'redis'
  | 'nats'
  | 'mqtt'
  | 'rabbitmq'
  | 'kafka'
  | 'grpc'
  | 'direct'
  | 'unknown';

/**
 * What a caller is known by: a token of some kind, one that its issuer was asked about (`opaque`), the word of a trusted
 * gateway, or, in development, what nobody has signed.
 */
export type CredentialKind = TokenKind | 'opaque' | 'gateway' | 'unsigned';

/** It is known who calls. What the caller may do is asked after that. */
export interface AuthenticatedEvent {
  readonly type: 'authenticated';
  readonly principal: Principal;
  readonly kind: CredentialKind;
  readonly transport: AuthTransport;
  /** Whether the token was verified before, and only looked up. */
  readonly remembered: boolean;
}

/** A guard has refused a request, a message or a connection. */
export interface RefusedEvent {
  readonly type: 'refused';
  /** The `code` of the answer. */
  readonly code: AuthErrorCode;
  /** More exactly why, for codes that have reasons. */
  readonly reason?: InvalidTokenReason | InvalidDpopProofReason;
  /** The HTTP status that answers it; what other transports have is made of it. */
  readonly status: number;
  readonly transport: AuthTransport;
}

/** The keys of an issuer were fetched. */
export interface KeysRefreshedEvent {
  readonly type: 'keys-refreshed';
  /** As it is configured: with `{tenantid}` where it is a template. */
  readonly issuer: string;
  /** How many of them verify tokens here. */
  readonly keyCount: number;
  readonly durationMs: number;
}

/** The keys of an issuer cannot be fetched: told once, until they can be again. */
export interface IssuerUnavailableEvent {
  readonly type: 'issuer-unavailable';
  readonly issuer: string;
  /** A sentence for the operator. */
  readonly reason: string;
}

/** The keys of an issuer that was unavailable were fetched. */
export interface IssuerRecoveredEvent {
  readonly type: 'issuer-recovered';
  readonly issuer: string;
}

/** What happens at the door of an application. No event holds a token or another secret. */
export type AuthEvent =
  AuthenticatedEvent | RefusedEvent | KeysRefreshedEvent | IssuerUnavailableEvent | IssuerRecoveredEvent;

/** Told of events as they happen, before the request goes on: what takes long is begun, not waited for. */
export type AuthEventListener = (event: AuthEvent) => void;
