import {
  AccessDeniedError,
  type AuthError,
  InvalidRequestError,
  InvalidTokenError,
  isAuthError,
  MissingTokenError,
  type Principal,
} from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { Session } from '../carriers/ws.js';
import type { Clock } from '../clock.js';
import type { CallerIdentification } from '../http/caller-identification.js';
import type { AccessTokenVerifier } from '../token/access-token-verifier.js';
import type { CallerReports } from '../token/caller-reports.js';
import { atTime } from '../token/deadline.js';
import { bearerTokenOf, copyOf, type HandshakeRequest, withToken } from './handshake.js';
import { NEVER_MS, sessionEndMs } from './session-end.js';

/** What is sent to a client whose token is about to expire. */
const RENEW_EVENT = 'auth:renew';

const MAX_ASK_BEFORE_MS = 60_000;

/** What a handshake came to. */
export interface Admission {
  readonly principal: Principal;
  /** With the credentials that were verified. */
  readonly request: HandshakeRequest;
}

/** A connection, whichever library has it. */
export interface SocketLine {
  send(event: string, data: unknown): void;
  /** Tells why and ends it. */
  end(error: AuthError): void;
  /** Calls back when it is over. */
  onOver(listener: () => void): void;
}

/** What sessions of an application share. */
export interface SessionSurroundings {
  readonly config: AuthConfig;
  readonly clock: Clock;
  readonly callers: CallerIdentification;
  readonly verifier: AccessTokenVerifier;
  readonly reports: CallerReports;
}

/**
 * One caller's connection: it lasts as long as the token does, and longer if another one of the same caller is handed in
 * in time. Time is looked at before every message; the alarm is there for connections that only listen.
 */
export class SocketSession implements Session {
  private caller: Principal;
  /** A token may be bound to the certificate of the connection. */
  private readonly socket: HandshakeRequest['socket'];
  /** Kept only where it is verified at every message. */
  private token: string | undefined;
  private endsAtMs = NEVER_MS;
  private over: AuthError | undefined;
  private callOff: () => void = () => {};
  private isRenewing = false;
  private verified: { readonly message: readonly unknown[]; readonly verdict: Promise<Principal> } | undefined;

  constructor(
    private readonly surroundings: SessionSurroundings,
    private readonly line: SocketLine,
    admission: Admission,
    /** What the connection was asked at its handshake. @throws {AuthError} The promise is rejected with why not. */
    private readonly expectRules: (principal: Principal) => Promise<void>,
  ) {
    this.caller = admission.principal;
    this.socket = admission.request.socket;
    line.onOver(() => this.stop());
    this.begin(admission);
  }

  get principal(): Principal {
    return this.caller;
  }

  identify(message: readonly unknown[], application: object): Principal | Promise<Principal> {
    const { config, clock } = this.surroundings;
    if (application !== config) throw new MissingTokenError('The connection was made by another application');
    if (this.caller.kind === 'anonymous') throw new MissingTokenError();
    if (this.over !== undefined) throw this.over;
    if (clock.now().getTime() >= this.endsAtMs) throw new InvalidTokenError('expired');
    return this.token === undefined ? this.caller : this.verifyOnce(message, this.token);
  }

  async renew(token: unknown): Promise<Date> {
    if (this.caller.kind === 'anonymous') throw new InvalidRequestError('the connection was opened without a token');
    if (this.isRenewing) throw new InvalidRequestError('another token of this connection is being verified');
    this.isRenewing = true;
    try {
      const admission = await this.identifyAgain(token);
      await this.expectRules(admission.principal);
      if (this.over !== undefined) throw this.over;
      this.begin(admission);
      return admission.principal.expiresAt;
    } finally {
      this.isRenewing = false;
    }
  }

  /** Told to listeners as a handshake is; what the guards refuse afterwards they tell of themselves. */
  private async identifyAgain(token: unknown): Promise<Admission> {
    const { callers, reports } = this.surroundings;
    try {
      if (typeof token !== 'string') throw new InvalidRequestError('the message must have a text named token');
      const request = withToken({ headers: {}, ...(this.socket && { socket: this.socket }) }, token);
      const principal = await callers.identifyByToken(copyOf(request));
      reports.authenticated(principal, 'websocket');
      if (this.over !== undefined) throw this.over;
      this.expectSameCaller(principal);
      return { principal, request };
    } catch (error) {
      if (isAuthError(error)) reports.refused(error, 'websocket');
      throw error;
    }
  }

  /** A connection has one caller: what is kept for it, and the rooms it has joined, were given to that one. */
  private expectSameCaller(principal: Principal): void {
    if (isSameCaller(principal, this.caller)) return;
    const error = new AccessDeniedError('Forbidden: the token is not of the one who opened the connection');
    this.end(error);
    throw error;
  }

  private begin({ principal, request }: Admission): void {
    const { config } = this.surroundings;
    this.caller = principal;
    if (config.websockets.verifyEachMessage) this.token = bearerTokenOf(request);
    this.endsAtMs = sessionEndMs(principal, config);
    this.stop();
    if (this.endsAtMs < NEVER_MS) this.setAlarm(principal.expiresAt.getTime());
  }

  private setAlarm(expiresAtMs: number): void {
    const { clock, config } = this.surroundings;
    const { onExpiry, graceSeconds } = config.websockets;
    const endAt = (timeMs: number): void => {
      this.callOff = atTime(clock, timeMs, () => this.end(new InvalidTokenError('expired')));
    };
    if (onExpiry === 'close') return endAt(this.endsAtMs);
    const lastMs = Math.min(expiresAtMs, this.endsAtMs);
    const askAtMs = lastMs - Math.min(MAX_ASK_BEFORE_MS, (lastMs - clock.now().getTime()) / 5);
    this.callOff = atTime(clock, askAtMs, () => {
      endAt(this.endsAtMs + graceSeconds * 1000);
      this.line.send(RENEW_EVENT, { expiresAt: new Date(lastMs).toISOString() });
    });
  }

  /** Several guards may stand before a handler: a message is verified once. */
  private verifyOnce(message: readonly unknown[], token: string): Promise<Principal> {
    if (this.verified?.message === message) return this.verified.verdict;
    const verdict = this.verifyAgain(token);
    this.verified = { message, verdict };
    return verdict;
  }

  /** The token alone: a proof of its key was for the handshake, and is good for one. */
  private async verifyAgain(token: string): Promise<Principal> {
    const { verifier } = this.surroundings;
    try {
      return await (verifier.recall(token) ?? verifier.recallBound(token) ?? verifier.verify(token));
    } catch (error) {
      // What was taken back, or has lost its key, is not given again. An issuer that is away comes back.
      if (isAuthError(error) && error.status === 401 && token === this.token) this.end(error);
      throw error;
    }
  }

  private end(error: AuthError): void {
    if (this.over !== undefined) return;
    this.over = error;
    this.stop();
    this.line.end(error);
  }

  private stop(): void {
    this.callOff();
    this.callOff = () => {};
  }
}

/** Whoever acts for another, or through another, is somebody else without. */
function isSameCaller(one: Principal, other: Principal): boolean {
  return (
    one.kind === other.kind &&
    one.issuer === other.issuer &&
    one.id === other.id &&
    one.onBehalfOf?.id === other.onBehalfOf?.id &&
    one.actor?.id === other.actor?.id
  );
}
