import type { Endpoint, Endpoints } from './endpoint-table.js';

/** The endpoints of the platform's own APIs, and what they ask of a caller. */
export const platformEndpoints: Endpoints = {
  '/apis/auth/discovery': { get: open() },
  '/apis/auth/jwks': { get: open() },
  '/apis/auth/.well-known/openid-configuration': { get: open() },
  '/apis/auth/authenticate': { get: open(), post: open() },
  '/apis/auth/token': { post: open() },
  '/apis/auth/v2/whoami': { get: open() },
  '/apis/auth/v2/authz/{entrypoint}': {
    post: forServices(open()),
  },
  '/apis/auth/v2/iam/opa-bundle.tar.gz': { get: forServices(reading('auth', 'iam.bundle.read')) },
  '/internal/iam/opa-bundle.tar.gz': { get: forServices(reading('auth', 'iam.bundle.read')) },
  '/apis/auth/v2/iam/role-bindings': {
    get: forServices(reading('auth', 'iam.list')),
    post: forServices(writing('auth', 'iam.create')),
  },
  '/apis/auth/v2/iam/role-bindings/{name}': {
    get: forServices(reading('auth', 'iam.read')),
    delete: forServices(writing('auth', 'iam.delete')),
  },
  '/apis/auth/v2/access-keys': {
    get: reading('auth'),
    post: forPeople(writing('auth')),
  },
  '/apis/auth/v2/access-keys/{jti}': { delete: writing('auth') },
  '/apis/auth/v2/access-keys/{jti}/rotate': { post: forPeople(writing('auth')) },
  '/apis/auth/v2/audit-events': { get: forServices(reading('auth', 'iam.audit.read')) },
  '/apis/platform/v2/log-level': {
    get: forServices(reading('platform', 'platform.log.read')),
    // The rules let nobody write outside of workspaces by a permission, but for roles: the service asks for it itself.
    put: forServices(writing('platform')),
  },
  '/apis/entities/v2/workspaces': {
    get: reading('entities', 'workspaces.list'),
    post: writing('entities', 'workspaces.create'),
  },
  '/apis/entities/v2/workspaces/{name}': {
    get: reading('entities', 'workspaces.read'),
    put: writing('entities', 'workspaces.update'),
    delete: writing('entities', 'workspaces.delete'),
  },
  '/apis/entities/v2/workspaces/{workspace}/members': {
    get: reading('entities', 'workspaces.members.list'),
    post: writing('entities', 'workspaces.members.create'),
  },
  '/apis/entities/v2/workspaces/{workspace}/members/{principal_id}': {
    put: writing('entities', 'workspaces.members.update'),
    delete: writing('entities', 'workspaces.members.delete'),
  },
  '/apis/entities/v2/workspaces/{workspace}/projects': {
    get: reading('entities', 'projects.list'),
    post: writing('entities', 'projects.create'),
  },
  '/apis/entities/v2/workspaces/{workspace}/projects/{name}': {
    get: reading('entities', 'projects.read'),
    put: writing('entities', 'projects.update'),
    delete: writing('entities', 'projects.delete'),
  },
};

function open(): Endpoint {
  return { permissions: [], scopes: [] };
}

/** Whoever may do it can become anything, or learn who may do what: only services and the PlatformAdmin may. */
function forServices(endpoint: Endpoint): Endpoint {
  return { ...endpoint, callers: ['service_principal'] };
}

/** A service has nobody's keys to make. */
function forPeople(endpoint: Endpoint): Endpoint {
  return { ...endpoint, callers: ['principal'] };
}

/** Takes the area's own scope or the platform's. */
function reading(area: string, ...permissions: string[]): Endpoint {
  return { permissions, scopes: scopesOf(area, 'read') };
}

function writing(area: string, ...permissions: string[]): Endpoint {
  return { permissions, scopes: scopesOf(area, 'write') };
}

function scopesOf(area: string, verb: 'read' | 'write'): string[] {
  return [...new Set([`${area}:${verb}`, `platform:${verb}`])];
}
