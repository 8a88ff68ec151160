import type { Principal } from '@nmp/tokens';
import { type RequestState, stateOf } from '../carriers/request-state.js';

/** Puts the principal on the request: where {@link principalOfRequest} finds it, and as `request.user`, where passport's users look. */
export function attachPrincipal(request: object, state: RequestState, principal: Principal): void {
  state.principal = principal;
  (request as { user?: Principal }).user = principal;
}

/** The principal that the guard put on the request; `undefined` before it has run. */
export function principalOfRequest(request: object): Principal | undefined {
  return stateOf(request)?.principal;
}
