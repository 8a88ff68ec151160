import { anonymousPrincipal, isAuthError, type Principal } from '@nmp/tokens';
import { attachSession, sessionOf } from '../carriers/ws.js';
import type { RouteAccess } from '../http/route-rules.js';
import type { GatewayPlace } from './gateway-place.js';
import type { HandshakeAnswer } from './handshake-answer.js';
import { copyOf, type HandshakeRequest, withToken } from './handshake.js';
import { type Admission, type SessionSurroundings, type SocketLine, SocketSession } from './socket-session.js';

/** What decides about connections, beside what their sessions share. */
export interface DoorSurroundings extends SessionSurroundings {
  /** Who may connect to the gateways of a place. */
  accessTo(place: GatewayPlace): RouteAccess;
  /** Lets a caller connect to a place as what its gateways ask of connections allows. @throws {AuthError} why not. */
  expectRules(place: GatewayPlace, principal: Principal): Promise<void>;
  /** Writes why somebody is refused, and says what is answered. */
  answerOf(error: unknown): HandshakeAnswer;
}

/** The door of an application for one place. */
export interface PlaceDoor {
  /**
   * Finds out who opens a connection.
   * @param readToken Reads a token that came otherwise than in a header.
   * @throws {AuthError} why the connection is refused.
   */
  admit(given: HandshakeRequest, readToken: () => unknown): Promise<Admission>;
  /** Begins the session of a connection that was admitted. */
  open(client: object, line: SocketLine, admission: Admission): void;
  answerOf(error: unknown): HandshakeAnswer;
}

/** Decides about connections at their handshake, by the rules for requests, and makes their sessions. */
export class SocketDoor {
  /** Several places may be connected to after one request, which has no identity headers any more after the first. */
  private readonly seen = new WeakMap<object, HandshakeRequest>();

  /** What was identified of a request: a proof in it is good once, for all places that are connected to after it. */
  private readonly identified = new WeakMap<HandshakeRequest, HandshakeRequest>();

  constructor(private readonly surroundings: DoorSurroundings) {}

  /** The door for one place, as the servers of both libraries use it. */
  of(place: GatewayPlace): PlaceDoor {
    return {
      admit: (given, readToken) => this.admit(given, readToken, place),
      open: (client, line, admission) => this.open(client, line, admission, place),
      answerOf: (error) => this.surroundings.answerOf(error),
    };
  }

  private async admit(given: HandshakeRequest, readToken: () => unknown, place: GatewayPlace): Promise<Admission> {
    const token = readToken(); // from wherever the application could see it: also where nobody asks for it
    const request = this.handshakeOf(given);
    const access = this.surroundings.accessTo(place);
    if (access === 'public') return { principal: anonymousPrincipal, request };
    const credentials = withToken(request, token);
    const principal = await this.identify(credentials, access);
    await this.surroundings.expectRules(place, principal);
    return { principal, request: credentials };
  }

  private async identify(request: HandshakeRequest, access: RouteAccess): Promise<Principal> {
    try {
      const principal = await this.surroundings.callers.identify(this.copyToIdentify(request));
      this.surroundings.reports.authenticated(principal, 'websocket');
      return principal;
    } catch (error) {
      if (access === 'optional' && isAuthError(error) && error.code === 'missing_token') return anonymousPrincipal;
      throw error;
    }
  }

  private open(client: object, line: SocketLine, admission: Admission, place: GatewayPlace): void {
    if (sessionOf(client) !== undefined) return; // two applications on one server: none of them takes the other's word
    const expectRules = (principal: Principal): Promise<void> => this.surroundings.expectRules(place, principal);
    attachSession(client, new SocketSession(this.surroundings, line, admission, expectRules));
  }

  /** The same object for the same request, as it came: what only a gateway may write is taken out of it each time. */
  private copyToIdentify(request: HandshakeRequest): HandshakeRequest {
    const copy = Object.assign(this.identified.get(request) ?? {}, copyOf(request));
    this.identified.set(request, copy);
    return copy;
  }

  private handshakeOf(given: HandshakeRequest): HandshakeRequest {
    const request = this.seen.get(given) ?? copyOf(given);
    this.seen.set(given, request);
    this.surroundings.callers.forget(given);
    return request;
  }
}
