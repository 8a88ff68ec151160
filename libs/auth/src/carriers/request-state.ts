import type { Principal } from '@nmp/tokens';
import type { HttpRequest } from './http.js';

/** How the application that a request came to verifies it and refuses it. */
export interface Verification {
  verify(request: HttpRequest): Principal | Promise<Principal>;
  refuse(error: unknown, response: unknown): unknown;
}

/** What is known of a request, or of another call. One object, for requests of Express are slow to take on a property. */
export interface RequestState {
  /** The application it came to. */
  readonly verification: Verification;
  readonly response: unknown;
  /** `undefined` before the guard has run. */
  principal: Principal | undefined;
  /** What the one identification of a call with several handlers comes to; not used for plain requests. */
  verdict: Principal | Promise<Principal> | undefined;
  /** The rules under which all guards have let a message pass; the same ones need not be asked again. */
  passed: object | undefined;
}

// A symbol: nothing a client sends, and nothing another library writes, ends up under it.
const stateKey = Symbol.for('@nmp/auth:request');

interface Marked {
  [stateKey]?: RequestState;
}

/** Notes on the request who is to verify it: the application it came to. */
export function attachState(request: object, verification: Verification, response: unknown): RequestState {
  const state: RequestState = {
    verification,
    response,
    principal: undefined,
    verdict: undefined,
    passed: undefined,
  };
  (request as Marked)[stateKey] = state;
  return state;
}

/** Whether the principal is what the one identification of a call has come to, and not that of an operation before it. */
export function isIdentified({ principal, verdict }: RequestState): boolean {
  return principal !== undefined && principal === verdict;
}

/** What {@link attachState} has noted. */
export function stateOf(request: object): RequestState | undefined {
  return (request as Marked)[stateKey];
}
