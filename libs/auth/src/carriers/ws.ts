import type { Principal } from '@nmp/tokens';
import type { Call } from './call.js';

/** The connection of a socket, from its handshake on: its messages are all of one caller. */
export interface Session {
  /** Who is at the other end; anonymous where nobody signed in. */
  readonly principal: Principal;
  /**
   * Identifies the sender of a message.
   * @param message The arguments of its handler: the same list for every guard before it.
   * @param application Whose guard asks: a session counts in the application that it was made by.
   * @throws {AuthError} why there is no principal, or there is none any more.
   */
  identify(message: readonly unknown[], application: object): Principal | Promise<Principal>;
  /**
   * Goes on with another token of the same caller.
   * @returns when that one expires.
   * @throws {AuthError} why not; the session stays as it was, unless the token is somebody else's: that ends it.
   */
  renew(token: unknown): Promise<Date>;
}

// A symbol: nothing a client sends, and nothing another library writes, ends up under it.
const sessionKey = Symbol.for('@nmp/auth:session');

/** Notes the session of a socket on what handlers get as their client. */
export function attachSession(client: object, session: Session): void {
  Object.defineProperty(client, sessionKey, { value: session });
}

/** The session of a client; `undefined` where no handshake has made one. */
export function sessionOf(client: unknown): Session | undefined {
  if (typeof client !== 'object' || client === null) return undefined;
  return Object.hasOwn(client, sessionKey) ? (client as { [sessionKey]: Session })[sessionKey] : undefined;
}

/** Who is at the other end of a socket, for hooks that no guard stands before; `undefined` where no handshake was guarded. */
export function principalOfSocket(client: object): Principal | undefined {
  return sessionOf(client)?.principal;
}

/** The sender of a message of a socket: whoever its session is of. */
export function openSocketMessage(args: readonly unknown[]): Call | undefined {
  const session = sessionOf(args[0]);
  if (session === undefined) return undefined;
  return {
    subject: session,
    request: { headers: {} },
    dropHeader: () => {},
    identify: (application) => session.identify(args, application),
  };
}
