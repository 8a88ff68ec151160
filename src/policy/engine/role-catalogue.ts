import { resolveGrants } from './role-grants.js';

/** What a role is, as a file of roles says it. */
export interface RoleDefinition {
  readonly description: string;
  /** Roles whose permissions it has as well. */
  readonly includes: readonly string[];
  readonly permissions: readonly string[];
}

/** A role with all that it permits. */
export interface Role extends RoleDefinition {
  readonly name: string;
  /** Its permissions and those of the roles it includes, directly or through others, sorted. */
  readonly grants: readonly string[];
  /** Comes with the platform; others are the operator's. */
  readonly isBuiltIn: boolean;
}

/** The roles that bindings may give. Frozen. */
export class RoleCatalogue {
  private readonly byName: ReadonlyMap<string, Role>;

  /** Definitions are taken as they are: files are checked where they are read, except for cycles. */
  constructor(definitions: ReadonlyMap<string, RoleDefinition>, builtInNames: ReadonlySet<string>) {
    const grants = resolveGrants(definitions);
    this.byName = new Map(
      [...definitions].map(([name, definition]) => [
        name,
        Object.freeze({
          ...definition,
          name,
          grants: Object.freeze(grants.get(name) ?? []),
          isBuiltIn: builtInNames.has(name),
        }),
      ]),
    );
  }

  get(name: string): Role | undefined {
    return this.byName.get(name);
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** In the order of the files: the platform's own first. */
  all(): readonly Role[] {
    return [...this.byName.values()];
  }
}
