import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import type { PolicyCaller } from '@nmp/tokens';
import { BindingIndex } from '../src/policy/engine/binding-index.js';
import { EmbeddedPolicyEngine } from '../src/policy/engine/embedded-policy-engine.js';
import { platformEndpoints } from '../src/policy/engine/platform-endpoints.js';
import { readCompiledPolicy } from '../src/policy/engine/policy-artefact.js';
import { readRoleCatalogue } from '../src/policy/engine/role-files.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, type Method, platformConfig, startPlatform } from './support/platform.js';

/** Who asks: the role they have in the workspace of the path; everybody has those of `*`, too. */
const roles = ['no role', 'Viewer', 'Editor', 'Admin', 'PlatformAdmin', 'a service'] as const;
type Role = (typeof roles)[number];

/** The platform scopes of the token, beside `openid`. */
const scopes = { none: '', read: 'platform:read', write: 'platform:write' } as const;
type Scope = keyof typeof scopes;

const workspace = 'matrix';
/** The policy knows them for clients that ask; nothing is there. */
const withoutHandler = /^(?:GET|HEAD|PUT) .*\/projects\/\{name\}$/;
const routes = Object.entries(platformEndpoints)
  .flatMap(([pattern, methods]) =>
    Object.keys(methods)
      .flatMap((method) => (method === 'get' ? ['get', 'head'] : [method]))
      .map((method) => ({
        name: `${method.toUpperCase()} ${pattern}`,
        method: method as Method, // a method of the endpoint table
        pattern,
      })),
  )
  .filter(({ name }) => !withoutHandler.test(name));

const seeded = [
  { principal: '*', workspace: 'default', role: 'Editor' },
  { principal: '*', workspace: 'system', role: 'Viewer' },
  { principal: '*', workspace: 'system', role: 'WorkspaceCreator' },
];
const engine = new EmbeddedPolicyEngine({
  wasm: readCompiledPolicy(),
  roles: readRoleCatalogue(),
  endpoints: platformEndpoints,
  bindings: new BindingIndex([
    ...seeded,
    ...['Viewer', 'Editor', 'Admin'].map((role) => ({ principal: emailOf(role), workspace, role })),
    { principal: emailOf('PlatformAdmin'), workspace: 'system', role: 'PlatformAdmin' },
  ]),
});

describe('who may do what', () => {
  it('is what the table says, by the policy', () => {
    const table = readFileSync(new URL('../docs/access.md', import.meta.url), 'utf8').split('\n');
    const rows = table.filter((line) => line.startsWith('| `'));
    expect(rows.map((row) => row.replaceAll(/ +/g, ' '))).toEqual(
      routes.filter(({ method }) => method !== 'head').map(rowOf),
    );
  });
});

describe('who may do what over HTTP', () => {
  let issuer: TestIssuer;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    issuer = await startIssuer();
    const { auth, ...config } = platformConfig(issuer.issuer);
    const serviceClients = [{ issuer: issuer.issuer, clientId: 'nmp-jobs', name: 'jobs' }];
    const accessKeys = { audience: 'keys', defaultLifeSeconds: 60, maxLifeSeconds: 60, maxPerOwner: 100 };
    app = await startPlatform({
      ...config,
      accessKeys,
      auth: { ...auth, adminEmail: emailOf('PlatformAdmin'), serviceClients },
    });
  });

  afterAll(async () => {
    await app?.close();
    await issuer?.close();
  });

  it.each(routes)('is what the policy says: $name', async (route) => {
    await given();
    for (const role of roles) {
      for (const scope of Object.keys(scopes) as Scope[]) {
        if (route.method === 'delete') await given(); // what the cell before has taken away
        const caller = await callerWith(role, scopes[scope]);
        const { status } = await send(caller, route.method, route.pattern);
        expect({ role, scope, status, isAllowed: status !== 401 && status !== 403 }).toEqual({
          role,
          scope,
          status,
          isAllowed: isAllowed(route, role, scope),
        });
      }
    }
  });

  /** The workspace as every cell of the table finds it. */
  async function given(): Promise<void> {
    // With a token that is new: on a busy machine the table takes longer than tokens live.
    const admin = await callerWith('PlatformAdmin', 'platform:read platform:write');
    await admin.workspaces('post', '', { name: workspace });
    await admin.workspaces('post', `/${workspace}/projects`, { name: 'project' });
    for (const role of ['Viewer', 'Editor', 'Admin', 'member']) {
      const given = role === 'member' ? 'Viewer' : role;
      await admin.workspaces('put', `/${workspace}/members/${emailOf(role)}`, { roles: [given] }).expect(200);
    }
  }

  async function callerWith(role: Role | 'member', scope: string): Promise<ApiCaller> {
    const token =
      role === 'a service' ? { subject: 'nmp-jobs', claims: { azp: 'nmp-jobs', client_id: 'nmp-jobs' } } : {};
    const subject = role.replaceAll(' ', '-');
    return ApiCaller.signedIn(app, issuer, {
      subject,
      email: emailOf(role),
      scope: `openid ${scope}`.trim(),
      ...token,
    });
  }
});

function send(caller: ApiCaller, method: Method, pattern: string) {
  const named = pattern
    .replace('{workspace}', workspace)
    .replace('/members/{principal_id}', `/members/${emailOf('member')}`)
    .replace('/projects/{name}', '/projects/project')
    .replace('/workspaces/{name}', `/workspaces/${workspace}`)
    .replace('/role-bindings/{name}', '/role-bindings/rb-000000000000000000000000')
    .replace('{jti}', '00000000-0000-4000-8000-000000000000')
    .replace('{entrypoint}', 'has_role');
  return caller.request(method, named, bodyOf(method, pattern));
}

/** What each request needs for its body, and so for its caller, to be looked at. */
function bodyOf(method: Method, pattern: string): object | undefined {
  if (method === 'get' || method === 'head' || method === 'delete') return undefined;
  if (pattern.endsWith('/members')) return { principal: emailOf('newcomer') };
  if (pattern.endsWith('/members/{principal_id}')) return { roles: ['Editor'] };
  if (pattern.endsWith('/role-bindings')) return { principal: emailOf('bound'), workspace, role: 'Viewer' };
  if (pattern.endsWith('/access-keys')) return { name: 'key', scopes: ['platform:write'] };
  if (pattern.endsWith('/rotate')) return {};
  if (pattern.endsWith('{entrypoint}')) return { input: { principal_id: 'x', workspace, role: 'Viewer' } };
  if (pattern.endsWith('/log-level')) return { level: 'info' };
  if (method === 'put') return { description: 'changed' };
  return { name: pattern.endsWith('/projects') ? 'new-project' : 'new-workspace' };
}

function isAllowed({ method, pattern }: (typeof routes)[number], role: Role, scope: Scope): boolean {
  const path = pattern.replaceAll(/\{(?:workspace|name)\}/g, workspace).replaceAll(/\{\w+\}/g, 'x');
  return engine.allow({ caller: policyCaller(role, scope), method: method.toUpperCase(), path }).allowed;
}

function policyCaller(role: Role, scope: Scope): PolicyCaller {
  const isService = role === 'a service';
  return {
    kind: isService ? 'service' : 'user',
    issuer: '',
    id: isService ? 'service:jobs' : role.replaceAll(' ', '-'),
    email: emailOf(role),
    groups: [],
    scopes: ['openid', scopes[scope]].filter((text) => text !== ''),
  };
}

function rowOf(route: (typeof routes)[number]): string {
  const cells = roles.map((role) => {
    const enough = (Object.keys(scopes) as Scope[]).filter((scope) => isAllowed(route, role, scope));
    return enough.length === Object.keys(scopes).length ? 'any' : enough.join(', ') || '–';
  });
  return `| \`${route.name}\` | ${cells.join(' | ')} |`;
}

function emailOf(role: string): string {
  return `${role.toLowerCase().replaceAll(' ', '-')}@example.com`;
}
