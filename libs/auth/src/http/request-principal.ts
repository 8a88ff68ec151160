import { anonymousPrincipal, type Principal } from '@nmp/tokens';
import { type CallContext, subjectOf } from '../carriers/call.js';
import { type RequestState, stateOf } from '../carriers/request-state.js';
import { routeRules } from './route-rules.js';

/** Puts the principal on the request: where {@link principalOfRequest} finds it, and as `request.user`, where passport's users look. */
export function attachPrincipal(request: object, state: RequestState, principal: Principal): void {
  state.principal = principal;
  (request as { user?: Principal }).user = principal;
}

/** The principal that the guard put on the request; `undefined` before it has run. */
export function principalOfRequest(request: object): Principal | undefined {
  return stateOf(request)?.principal;
}

/** A handler's call, on any transport. */
export interface HandlerContext extends CallContext {
  getHandler(): object;
  getClass(): object;
}

/** The principal that the guard found for the call of a handler; `undefined` before it has run. */
export function principalOfContext(context: HandlerContext): Principal | undefined {
  const principal = principalOfRequest(subjectOf(context));
  if (context.getType() === 'http') return principal;
  // Handlers of one call share what is known of it; who calls a public one is not looked at.
  const { access } = routeRules.get(context.getHandler(), context.getClass());
  return access === 'public' ? anonymousPrincipal : principal;
}
