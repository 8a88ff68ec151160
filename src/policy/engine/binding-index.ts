import { canonicalPrincipal } from './binding-principals.js';

/** Somebody has a role in a workspace. */
export interface Binding {
  /** As bindings name people: an e-mail address, an id, `group:…`, `service:…`, or `*`. */
  readonly principal: string;
  readonly workspace: string;
  readonly role: string;
}

/** A binding came, or went. */
export interface BindingChange extends Binding {
  readonly isGranted: boolean;
}

/**
 * All bindings in force, found by principal and workspace. A change costs the same however many there are, and gives
 * the index a new revision, by which everything derived from it knows that it is out of date.
 */
export class BindingIndex {
  private readonly byPrincipal = new Map<string, Map<string, readonly string[]>>();
  private changes = 0;

  constructor(bindings: Iterable<Binding> = []) {
    for (const binding of bindings) this.add(binding);
  }

  /** Grows with every change. */
  get revision(): number {
    return this.changes;
  }

  /** @returns Whether anything changed: what is known already changes nothing. */
  apply(change: BindingChange): boolean {
    const isChanged = change.isGranted ? this.add(change) : this.remove(change);
    if (isChanged) this.changes += 1;
    return isChanged;
  }

  /** Makes the index hold these bindings and no others. @returns Whether anything changed. */
  replaceAll(bindings: Iterable<Binding>): boolean {
    const wanted = new BindingIndex(bindings);
    const changes = [
      ...difference(this, wanted).map((binding) => ({ ...binding, isGranted: false })),
      ...difference(wanted, this).map((binding) => ({ ...binding, isGranted: true })),
    ];
    for (const change of changes) this.apply(change);
    return changes.length > 0;
  }

  /** The roles that bindings of one principal give in one workspace. The principal is spelled as in bindings. */
  rolesOf(principal: string, workspace: string): readonly string[] {
    return this.byPrincipal.get(principal)?.get(workspace) ?? none;
  }

  /** Every binding, in no particular order. */
  *all(): Generator<Binding> {
    for (const [principal, workspaces] of this.byPrincipal) {
      for (const [workspace, roles] of workspaces) for (const role of roles) yield { principal, workspace, role };
    }
  }

  private add({ principal: name, workspace, role }: Binding): boolean {
    const principal = canonicalPrincipal(name);
    const workspaces = this.byPrincipal.get(principal) ?? new Map<string, readonly string[]>();
    const roles = workspaces.get(workspace) ?? none;
    if (roles.includes(role)) return false;
    this.byPrincipal.set(principal, workspaces.set(workspace, [...roles, role]));
    return true;
  }

  private remove({ principal: name, workspace, role }: Binding): boolean {
    const principal = canonicalPrincipal(name);
    const workspaces = this.byPrincipal.get(principal);
    const roles = workspaces?.get(workspace);
    if (!workspaces || !roles?.includes(role)) return false;
    const left = roles.filter((other) => other !== role);
    if (left.length > 0) workspaces.set(workspace, left);
    else workspaces.delete(workspace);
    if (workspaces.size === 0) this.byPrincipal.delete(principal);
    return true;
  }
}

const none: readonly string[] = [];

function difference(one: BindingIndex, other: BindingIndex): Binding[] {
  return [...one.all()].filter(({ principal, workspace, role }) => !other.rolesOf(principal, workspace).includes(role));
}
