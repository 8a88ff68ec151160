import { AsyncLocalStorage } from 'node:async_hooks';
import { identityHeaders, type Principal } from '@nmp/tokens';
import { ForwardingError } from './forwarding-error.js';

/** Headers that identify a caller to the next service. */
export type CallerHeaders = Readonly<Record<string, string>>;

/** Who calls the handler that is running, and how that was known. */
export interface CurrentCaller {
  readonly principal: Principal;
  /** The header that the principal was verified by; `undefined` where a trusted gateway named it. */
  readonly authorization: string | undefined;
  /** What proves to the next service that the identity headers are a gateway's. */
  readonly gatewaySecret: CallerHeaders;
}

const callers = new AsyncLocalStorage<CurrentCaller>();

/** Runs something on behalf of a caller, with all that it starts. */
export function runAsCaller<T>(caller: CurrentCaller, run: () => T): T {
  return callers.run(caller, run);
}

/**
 * The headers that carry the caller of the running handler on to the next service: its own bearer token or, where a
 * trusted gateway named it, the identity headers. `ForwardCaller` must stand before the handler. With `anonymous` there are
 * none where there is no caller, or an anonymous one.
 * @example
 * await fetch('http://models.internal.example/models', { headers: headersOfCaller() });
 * @throws {ForwardingError} when there is no caller, or none that can be carried on.
 */
export function headersOfCaller({ anonymous = false }: { anonymous?: boolean } = {}): CallerHeaders {
  const caller = callers.getStore();
  if (caller !== undefined && caller.principal.kind !== 'anonymous') return headersOf(caller);
  if (anonymous) return {};
  if (caller !== undefined)
    throw new ForwardingError('anonymous_caller', 'The caller is anonymous: nothing identifies it');
  throw new ForwardingError('no_caller', 'There is no caller here: put @UseInterceptors(ForwardCaller) on the handler');
}

function headersOf({ principal, authorization, gatewaySecret }: CurrentCaller): CallerHeaders {
  if (authorization !== undefined) return { authorization: expectPlainBearer(authorization, principal) };
  const named = identityHeaders(principal);
  if (named['X-NMP-Principal-Id'] === undefined) {
    throw new ForwardingError('unnameable_caller', "The caller's id is too long to be carried in a header");
  }
  return { ...named, ...gatewaySecret };
}

/** A token that is bound to a key of its owner's is worth nothing to others, and must not look like one that is. @see RFC 7800 §3.1 */
function expectPlainBearer(authorization: string, { claims }: Principal): string {
  if (claims['cnf'] === undefined && /^bearer /i.test(authorization)) return authorization;
  throw new ForwardingError(
    'bound_token',
    "The caller's token is bound to a key of its own and cannot be passed on: exchange it, or send a hop token",
  );
}
