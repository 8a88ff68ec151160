import type { Principal } from '@nmp/tokens';

// A symbol: nothing a client sends, and nothing another library writes, ends up under it.
const principalKey = Symbol.for('@nmp/auth:principal');

/** Puts the principal on the request: where {@link principalOfRequest} finds it, and as `request.user`, where passport's users look. */
export function attachPrincipal(request: object, principal: Principal): void {
  const target = request as { [principalKey]?: Principal; user?: Principal };
  target[principalKey] = principal;
  target.user = principal;
}

/** The principal that the guard put on the request; `undefined` before it has run. */
export function principalOfRequest(request: object): Principal | undefined {
  return (request as { [principalKey]?: Principal })[principalKey]; // only attachPrincipal writes it
}
