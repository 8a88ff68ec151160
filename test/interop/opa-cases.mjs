// Generated questions to the policy, and the platform they are asked of. The names are few, so that identities,
// bindings, paths and scopes meet often, and some are made to be mistaken for others.
import fc from 'fast-check';

export const caseRoles = `
roles:
  Trainer: { includes: [Viewer], permissions: [models.train] }
  Auditor: { permissions: [iam.bundle.read, models.read] }
`;

const roles = ['Viewer', 'Editor', 'Admin', 'Trainer', 'Auditor', 'WorkspaceCreator', 'PlatformAdmin', 'ServiceSystem'];
const workspaces = ['ml', 'other', 'default', 'system', '-'];

export const caseBindings = [
  ['*', 'default', 'Editor'],
  ['*', 'system', 'Viewer'],
  ['*', 'system', 'WorkspaceCreator'],
  ['*', 'other', 'ServiceSystem'],
  ['alice@example.com', 'ml', 'Viewer'],
  ['alice', 'ml', 'Auditor'],
  ['group:alice@example.com', 'other', 'Admin'],
  ['group:team-ml', 'ml', 'Editor'],
  ['group:team-ml', 'other', 'Trainer'],
  ['group:admins', 'system', 'PlatformAdmin'],
  ['bob@example.com', 'ml', 'Admin'],
  ['bob@example.com', 'system', 'Auditor'],
  ['bob', 'other', 'PlatformAdmin'],
  ['bob', 'ml', 'ServiceSystem'],
  ['team-ml', 'default', 'Admin'],
  ['root', 'system', 'PlatformAdmin'],
  ['service:files', 'ml', 'Viewer'],
  ['service:jobs@example.com', 'ml', 'Admin'],
  ['\u212Aim@example.com', 'ml', 'Admin'],
].map(([principal, workspace, role]) => ({ principal, workspace, role }));

export const caseSettings = { deniedPluginPrefixes: ['/apis/plugins/v1/closed/'], scopeAreas: ['tools'] };

const read = (area, ...permissions) => ({ permissions, scopes: [`${area}:read`, 'platform:read'] });
const write = (area, ...permissions) => ({ permissions, scopes: [`${area}:write`, 'platform:write'] });

export const caseEndpoints = {
  '/apis/auth/v2/access-keys': { get: { permissions: [] }, post: { permissions: [], scopes: ['auth:write'] } },
  '/apis/auth/v2/iam/opa-bundle.tar.gz': { get: read('auth', 'iam.bundle.read') },
  '/apis/auth/v2/iam/role-bindings': { get: read('auth', 'iam.list'), post: write('auth', 'models.read') },
  '/apis/entities/v2/workspaces': {
    get: read('entities', 'workspaces.list'),
    post: write('entities', 'workspaces.create'),
  },
  '/apis/entities/v2/workspaces/{name}': {
    get: read('entities', 'workspaces.read'),
    put: write('entities', 'workspaces.update'),
    delete: write('entities', 'workspaces.delete'),
  },
  '/apis/entities/v2/workspaces/{workspace}/members': { get: read('entities', 'workspaces.members.list') },
  '/apis/entities/v2/workspaces/{workspace}/entities/{name}': { get: read('entities', 'workspaces.read') },
  '/apis/entities/v2/entities/{id}': { get: { permissions: [] } },
  '/apis/models/v2/workspaces/{workspace}/models': {
    get: read('models', 'models.read'),
    post: write('models', 'models.update'),
    put: { permissions: ['models.read', 'models.train'] },
    patch: { permissions: ['default/models.update', 'models.read'] },
    delete: { permissions: [], deny: true },
  },
  '/apis/models/v2/workspaces/ml/models': { get: read('models', 'models.train') },
  '/apis/models/v2/workspaces/{workspace_id}/-/{rest}': { get: read('models', 'models.read') },
  '/apis/models/v2/workspaces/{workspace}/-/a/b': { get: read('models', 'models.update') },
  '/apis/models/v2/limits': { get: {}, post: {} },
  '/apis/models/v2/rotate': { post: { permissions: ['models.read'] } },
  '/apis/secrets/v2/workspaces/{workspace}/secrets/{name}/access': { get: read('tools', 'secrets.access') },
  '/apis/tools/v1/hooks': {
    get: { permissions: [], callers: ['principal'] },
    post: { permissions: [], callers: ['service_principal'] },
    put: { permissions: [], callers: ['principal', 'service_principal'], scopes: ['tools:write'] },
  },
  '/apis/plugins/v1/{name}': { get: { permissions: [] } },
  '/apis/plugins/v1/{name}/{page}': { get: { permissions: [] } },
};

const names = ['alice', 'bob', 'root', 'team-ml', 'admins', 'someone', 'service:files', 'service:jobs', 'Service:jobs'];
const emails = [
  'alice@example.com',
  'Alice@Example.COM',
  'bob@example.com',
  '\u212Aim@example.com',
  'kim@example.com',
  'service:jobs@example.com',
  'group:team-ml@example.com',
  'alice',
];
const scopes = ['openid', 'models:read', 'models:write', 'entities:read', 'auth:write', 'platform:read']
  .concat(['platform:write', 'tools:write', 'tools:admin', 'wrong:scope', 'urn:example:scope', 'models:', 'models:a/b'])
  .concat(['api://nmp/platform:read']);
const permissions = [
  'models.read',
  'models.update',
  'models.train',
  'secrets.access',
  'iam.bundle.read',
  'other.thing',
].concat(['ml/models.read', 'other/models.read', 'default/models.update', 'ml/secrets.access']);

const groups = fc.uniqueArray(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('team-ml', 'admins') },
    { weight: 1, arbitrary: fc.constantFrom(...names, 'alice@example.com', 'group:admins', '*', 'x,y', '') },
  ),
  { maxLength: 2 },
);
const id = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('alice', 'bob', 'root', 'service:files', 'service:jobs') },
  { weight: 1, arbitrary: fc.constantFrom(...names, 'alice@example.com', '*', 'group:team-ml', '') },
);
const email = fc.option(fc.constantFrom(...emails), { nil: undefined, freq: 2 });

const person = fc.record({ id, email, groups }, { requiredKeys: ['id', 'groups'] });

const caller = fc.record(
  {
    kind: fc.constantFrom('user', 'user', 'user', 'user', 'client', 'service', 'service', 'service', 'anonymous'),
    issuer: fc.constant('https://idp.example.com'),
    id,
    email,
    emailVerified: fc.constantFrom(undefined, true, false),
    groups,
    scopes: fc.oneof(fc.constant([]), fc.uniqueArray(fc.constantFrom(...scopes), { maxLength: 4 })),
    sharesUsers: fc.constantFrom(undefined, undefined, undefined, true, false),
    onBehalfOf: rarely(person),
  },
  { requiredKeys: ['kind', 'issuer', 'id', 'groups', 'scopes'] },
);

const workspace = fc.constantFrom(...workspaces);
const segment = fc.oneof(
  { weight: 6, arbitrary: workspace },
  { weight: 1, arbitrary: fc.constantFrom('a', 'b', '', 'closed', 'closed-not', 'models', 'access', '{name}') },
);
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'get');
const suffix = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('?page=2', '?', '/', '//', '/x', '/x/y') },
);
const entries = Object.entries(caseEndpoints).flatMap(([pattern, methods]) =>
  Object.keys(methods).map((name) => [pattern, name.toUpperCase()]),
);

/** A method and a path: mostly those of an endpoint, with something in the place of its placeholders. */
const target = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(...entries), rarely(method))
      .map(([[pattern, own], other]) => [pattern, other ?? own]),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.array(segment, { maxLength: 8 }).map((parts) => ['', 'apis', ...parts].join('/')),
      method,
    ),
  },
);
const request = fc
  .tuple(target, fc.array(segment, { minLength: 4, maxLength: 4 }), suffix)
  .map(([[pattern, name], segments, end]) => ({
    method: name,
    path: pattern.replaceAll(/\{[^}]+\}/g, () => segments.pop() ?? 'x') + end,
  }));

/** A role that a binding gives, mostly asked for whom it is given to. */
const boundRole = fc
  .tuple(fc.constantFrom(...caseBindings), caller, fc.boolean())
  .map(([{ principal, workspace, role }, caller, isHolder]) => ({
    caller: isHolder ? { ...caller, ...nameOf(principal), onBehalfOf: undefined } : caller,
    workspace,
    role,
  }));
const anyRole = fc.record({ caller, workspace, role: fc.constantFrom(...roles, 'viewer') });

export const policyCase = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(caller, request).map(([caller, asked]) => ({ kind: 'allow', caller, ...asked })) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('has_permissions'),
      caller,
      workspace,
      permissions: fc.uniqueArray(fc.constantFrom(...permissions), { maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .oneof({ weight: 3, arbitrary: boundRole }, { weight: 1, arbitrary: anyRole })
      .map((asked) => ({ kind: 'has_role', ...asked })),
  },
);

export function policyCases(count, seed) {
  return fc.sample(policyCase, { numRuns: count, seed });
}

function rarely(arbitrary) {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** What a caller that a binding speaks of has in common with it. */
function nameOf(principal) {
  if (principal.startsWith('group:')) return { groups: [principal.slice('group:'.length)] };
  if (principal.startsWith('service:')) return { kind: 'service', id: principal };
  return principal.includes('@') ? { email: principal } : { id: principal };
}
