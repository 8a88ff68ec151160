import type { AuthError, InvalidDpopProofError, InvalidTokenError, Principal } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { AuthTransport, CredentialKind } from '../events/auth-event.js';
import type { AuthEvents } from '../events/auth-events.js';
import { tokenKindOfPrincipal } from './token-kind-of-principal.js';

/** Tells the listeners of an application who was identified, and who was refused. Where nobody listens it does nothing. */
export class CallerReports {
  private readonly kinds = new WeakMap<Principal, CredentialKind>();
  /** Of tokens that were verified, and not told of yet. */
  private readonly fresh = new WeakSet<Principal>();

  constructor(
    private readonly config: Pick<AuthConfig, 'issuers' | 'allowUnsignedJwt'>,
    private readonly events: AuthEvents,
  ) {}

  /** Whether there is anybody to tell. */
  get isWanted(): boolean {
    return this.events.isObserved;
  }

  /** What a principal came with. */
  kindOf(principal: Principal): CredentialKind {
    let kind = this.kinds.get(principal);
    if (kind === undefined) {
      kind = tokenKindOfPrincipal(principal, this.config) ?? (this.config.allowUnsignedJwt ? 'unsigned' : 'gateway');
      this.kinds.set(principal, kind);
    }
    return kind;
  }

  /** Notes that a token was verified, and not looked up. @param kind where its claims do not say it */
  noteVerified(principal: Principal, kind?: 'opaque'): void {
    if (kind !== undefined) this.kinds.set(principal, kind);
    if (this.isWanted) this.fresh.add(principal);
  }

  /** Tells that it is known who calls. */
  authenticated(principal: Principal, transport: AuthTransport): void {
    if (!this.isWanted) return;
    const kind = this.kindOf(principal);
    const isToken = kind !== 'gateway' && kind !== 'unsigned';
    const remembered = isToken && !this.fresh.delete(principal);
    this.events.emit({ type: 'authenticated', principal, kind, transport, remembered });
  }

  /** Tells that somebody was refused. */
  refused(error: AuthError, transport: AuthTransport): void {
    if (!this.isWanted) return;
    const { code, status } = error;
    const { reason } = error as Partial<InvalidTokenError | InvalidDpopProofError>; // the errors that have one
    this.events.emit({ type: 'refused', code, ...(reason !== undefined && { reason }), status, transport });
  }
}
