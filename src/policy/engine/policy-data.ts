import { areaOf, PLATFORM_AREAS } from '@nmp/tokens';
import type { BindingIndex } from './binding-index.js';
import type { Endpoints } from './endpoint-table.js';
import { permissionTree } from './permission-tree.js';
import type { RoleCatalogue } from './role-catalogue.js';

/** How the rules are set. */
export interface PolicySettings {
  /** Paths nobody may reach, nor anything below them. @default none */
  readonly deniedPluginPrefixes?: readonly string[];
  /** Areas whose scopes restrict a token, beside the platform's and those the endpoints name. @default none */
  readonly scopeAreas?: readonly string[];
  /** `always`: scopes must be there where an endpoint names some. @default 'when-present' */
  readonly scopeEnforcement?: 'always' | 'when-present';
}

/** What decisions are made from, beside the question. */
export interface PolicySources {
  readonly bindings: BindingIndex;
  readonly roles: RoleCatalogue;
  readonly endpoints: Endpoints;
  readonly settings?: PolicySettings;
}

/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The data of the embedded engine: what never changes. Endpoints and bindings come with each question. */
export function embeddedData({ roles, endpoints, settings }: Omit<PolicySources, 'bindings'>): {
  readonly [key: string]: Json;
} {
  return { authz: { embedded: true, roles: rolesData(roles), config: configData(endpoints, settings) } };
}

/** The data of an external decision point, all of it, as the rules read it from `data.authz`. */
export function externalData({ bindings, roles, endpoints, settings }: PolicySources): {
  readonly [key: string]: Json;
} {
  return {
    principals: principalsData(bindings),
    roles: rolesData(roles),
    // An endpoint is plain data; a member that is not there is not written.
    endpoints: JSON.parse(JSON.stringify(endpoints)) as Json,
    workspaces: {},
    domains: domainsData(endpoints),
    config: configData(endpoints, settings),
    permissions: permissionTree(roles, endpoints),
  };
}

function principalsData(bindings: BindingIndex): Json {
  const principals = new Map<string, Map<string, string[]>>();
  for (const { principal, workspace, role } of bindings.all()) {
    const workspaces = principals.get(principal) ?? new Map<string, string[]>();
    principals.set(principal, workspaces.set(workspace, [...(workspaces.get(workspace) ?? []), role].sort()));
  }
  return Object.fromEntries(
    [...principals].map(([name, workspaces]) => [name, { workspaces: Object.fromEntries(workspaces) }]),
  );
}

function rolesData(roles: RoleCatalogue): Json {
  return Object.fromEntries(
    roles.all().map(({ name, description, includes, permissions, grants }) => [
      name,
      {
        description,
        includes,
        permissions,
        grants: Object.fromEntries(grants.map((permission) => [permission, true])),
      },
    ]),
  );
}

function configData(endpoints: Endpoints, settings: PolicySettings = {}): Json {
  const scopes = Object.values(endpoints).flatMap((methods) =>
    Object.values(methods).flatMap(({ scopes }) => scopes ?? []),
  );
  const areas = [...PLATFORM_AREAS, ...scopes.map(areaOf), ...(settings.scopeAreas ?? [])];
  return {
    denied_plugin_prefixes: settings.deniedPluginPrefixes ?? [],
    scope_areas: [...new Set(areas)].filter((area) => area !== '').sort(),
    scope_enforcement: settings.scopeEnforcement ?? 'when-present',
  };
}

/** The parts of the platform, as their paths `/apis/<name>/…` tell them. */
function domainsData(endpoints: Endpoints): Json {
  const names = Object.keys(endpoints).flatMap((pattern) => /^\/apis\/([^/{}]+)\//.exec(pattern)?.[1] ?? []);
  return Object.fromEntries(names.map((name) => [name, { name, version: 'core', kind: 'core' }]));
}
