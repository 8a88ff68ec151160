import type { AllowQuestion, PermissionsQuestion, PolicyCaller, RoleQuestion } from '@nmp/tokens';
import { EVERYBODY, SYSTEM_WORKSPACE } from '../role-names.js';
import type { BindingIndex } from './binding-index.js';
import type { MatchedEndpoint } from './endpoint-table.js';
import type { KnownCaller } from './known-callers.js';
import { isAuthenticated } from './policy-caller.js';

interface RolesInWorkspace {
  readonly own: readonly string[];
  readonly everybody: readonly string[];
}

/**
 * Writes questions as the embedded rules read them, in JSON: what the rules would search for in the data of an external
 * decision point, the endpoint and the roles of the caller, is found in the indexes and comes along.
 */
export class EmbeddedInput {
  constructor(private readonly bindings: BindingIndex) {}

  allow({ caller, method, path }: AllowQuestion, known: KnownCaller, matched: MatchedEndpoint | undefined): string {
    // The rules look at no scope without a colon, and tokens have several.
    const scopes = caller.scopes.filter((scope) => scope.includes(':'));
    if (matched === undefined) return `${this.opened(caller, known, { method, path, scopes }, [])}}`;
    const { endpoint, json, workspace } = matched;
    const workspaces = [
      ...(workspace === undefined ? [] : [workspace]),
      ...namedWorkspaces(endpoint.permissions ?? []),
    ];
    return `${this.opened(caller, known, { method, path, scopes, workspace }, workspaces)},"endpoint":${json}}`;
  }

  permissions({ caller, workspace, permissions }: PermissionsQuestion, known: KnownCaller): string {
    const workspaces = [workspace, ...namedWorkspaces(permissions)];
    return `${this.opened(caller, known, { workspace, permissions }, workspaces)}}`;
  }

  role({ caller, workspace, role }: RoleQuestion, known: KnownCaller): string {
    return `${this.opened(caller, known, { workspace, role }, [workspace])}}`;
  }

  /** An object of JSON that is not closed yet. */
  private opened(
    caller: PolicyCaller,
    { principals }: KnownCaller,
    question: object,
    workspaces: readonly string[],
  ): string {
    const { kind, id, onBehalfOf } = caller;
    return JSON.stringify({
      principal_kind: kind,
      principal_id: id,
      on_behalf_of_principal_id: onBehalfOf?.id,
      ...question,
      bindings: isAuthenticated(caller) ? this.rolesIn([SYSTEM_WORKSPACE, ...workspaces], principals) : {},
    }).slice(0, -1);
  }

  /** Workspaces without a role are left out. */
  private rolesIn(
    workspaces: readonly string[],
    principals: readonly string[],
  ): Readonly<Record<string, RolesInWorkspace>> {
    const found = new Map<string, RolesInWorkspace>();
    for (const workspace of workspaces) {
      const own = principals.flatMap((principal) => this.bindings.rolesOf(principal, workspace));
      const everybody = this.bindings.rolesOf(EVERYBODY, workspace);
      if (own.length + everybody.length > 0) found.set(workspace, { own, everybody });
    }
    return Object.fromEntries(found);
  }
}

const nothing: readonly string[] = [];

/** The workspaces that permissions name themselves: `<workspace>/<permission>`. */
function namedWorkspaces(permissions: readonly string[]): readonly string[] {
  // Hardly any do, and this is asked for every decision.
  if (!permissions.some((permission) => permission.includes('/'))) return nothing;
  return permissions
    .filter((permission) => permission.includes('/'))
    .map((permission) => permission.split('/', 1).join());
}
