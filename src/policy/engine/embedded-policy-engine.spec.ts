import { describe, expect, it } from '@jest/globals';
import type { PolicyCaller } from '@nmp/tokens';
import { BindingIndex } from './binding-index.js';
import { EmbeddedPolicyEngine } from './embedded-policy-engine.js';
import { platformEndpoints } from './platform-endpoints.js';
import { readCompiledPolicy } from './policy-artefact.js';
import { PolicyQuestionError } from './policy-questions.js';
import { readRoleCatalogue } from './role-files.js';
import { PolicyEngineError } from './wasm-policy.js';

const alice: PolicyCaller = {
  kind: 'user',
  issuer: 'https://idp.example.com',
  id: 'alice',
  email: 'alice@example.com',
  groups: [],
  scopes: [],
};
const admin: PolicyCaller = { ...alice, id: 'root', email: 'admin@example.com' };
const service: PolicyCaller = { ...alice, kind: 'service', id: 'service:jobs', email: undefined };
const workspace = '/apis/entities/v2/workspaces/ml';

const wasm = readCompiledPolicy();
const roles = readRoleCatalogue();

function start() {
  const bindings = new BindingIndex([
    { principal: 'alice@example.com', workspace: 'ml', role: 'Viewer' },
    { principal: 'admin@example.com', workspace: 'system', role: 'PlatformAdmin' },
    { principal: '*', workspace: 'system', role: 'WorkspaceCreator' },
  ]);
  return { bindings, engine: new EmbeddedPolicyEngine({ wasm, roles, bindings, endpoints: platformEndpoints }) };
}

describe('EmbeddedPolicyEngine', () => {
  const { engine } = start();
  const allows = (caller: PolicyCaller, method: string, path: string) => engine.allow({ caller, method, path }).allowed;

  it.each<[readonly string[], boolean]>([
    [[], true],
    [['openid', 'profile', 'email', 'offline_access'], true],
    [['entities:read'], true],
    [['platform:read'], true],
    [['openid', 'entities:read'], true],
    [['platform:write'], false],
    [['models:read'], false],
    // Scopes of others say nothing about the platform.
    [['openid', 'wrong:scope'], true],
    [['api://nmp/platform:read'], true],
  ])('answers a viewer with the scopes %j: %s', (scopes, isAllowed) => {
    expect(allows({ ...alice, scopes }, 'GET', workspace)).toBe(isAllowed);
  });

  it('holds scopes against a platform admin, too', () => {
    expect(allows(admin, 'DELETE', workspace)).toBe(true);
    expect(allows({ ...admin, scopes: ['models:read'] }, 'GET', workspace)).toBe(false);
    expect(allows({ ...admin, scopes: ['platform:read'] }, 'DELETE', workspace)).toBe(false);
  });

  it.each<[string, PolicyCaller]>([
    ['somebody', alice],
    ['a platform admin', admin],
    ['a service', service],
  ])('refuses an unknown path or method to %s', (_, caller) => {
    expect(allows(caller, 'GET', '/apis/unknown')).toBe(false);
    expect(allows(caller, 'PATCH', workspace)).toBe(false);
    expect(allows(caller, 'GET x', workspace)).toBe(false);
  });

  it('answers in the form of a decision point', () => {
    expect(engine.allow({ caller: alice, method: 'HEAD', path: `${workspace}?page=1` })).toEqual({
      allowed: true,
      headers: { 'X-NMP-Authorized': 'true' },
    });
    expect(engine.hasPermissions({ caller: alice, workspace: 'ml', permissions: ['models.read'] })).toEqual({
      allowed: true,
    });
    expect(engine.hasRole({ caller: alice, workspace: 'ml', role: 'Viewer' })).toEqual({ has_role: true });
  });

  it('takes permissions together from id, e-mail, groups and everybody', () => {
    const { bindings, engine } = start();
    const caller = { ...alice, groups: ['team'] };
    const question = {
      caller,
      workspace: 'ml',
      permissions: ['workspaces.read', 'jobs.logs.create', 'workspaces.create'],
    };
    const add = (principal: string, role: string) =>
      bindings.apply({ principal, workspace: 'ml', role, isGranted: true });
    add('alice', 'JobRunner');
    expect(engine.hasPermissions(question).allowed).toBe(false);
    add('group:team', 'WorkspaceCreator');
    expect(engine.hasPermissions(question).allowed).toBe(true);
    const unverified = { ...question, caller: { ...caller, emailVerified: false } };
    expect(engine.hasPermissions(unverified).allowed).toBe(false);
    add('*', 'Viewer');
    expect(engine.hasPermissions(unverified).allowed).toBe(true);
  });

  it.each(['models:read', '', '*', 'models', '/models.read', 'Models.read'])(
    'does not take %j for a permission',
    (text) => {
      const ask = () => engine.hasPermissions({ caller: admin, workspace: 'ml', permissions: [text] });
      expect(ask).toThrow(PolicyQuestionError);
    },
  );
});

describe('the decisions it remembers', () => {
  it('end with a change of the bindings', () => {
    const { bindings, engine } = start();
    const question = { caller: alice, method: 'PUT', path: workspace };
    const change = { principal: 'alice@example.com', workspace: 'ml', role: 'Editor' };
    expect(engine.allow(question).allowed).toBe(false);
    const before = engine.revision;
    bindings.apply({ ...change, isGranted: true });
    expect(engine.revision).toBeGreaterThan(before);
    expect(engine.allow(question).allowed).toBe(true);
    bindings.apply({ ...change, isGranted: false });
    expect(engine.allow(question).allowed).toBe(false);
  });

  it.each<[string, Partial<PolicyCaller>]>([
    ['kind', { kind: 'client', email: 'bob@example.com' }],
    ['issuer', { issuer: 'https://other.example.com', sharesUsers: false }],
    ['e-mail', { email: 'bob@example.com' }],
    ['verification', { emailVerified: false }],
    ['scopes', { scopes: ['models:write'] }],
    ['person acted for', { onBehalfOf: { id: 'bob', groups: [] } }],
  ])('are not those of another %s', (_, difference) => {
    const { engine } = start();
    expect(engine.allow({ caller: alice, method: 'GET', path: workspace }).allowed).toBe(true);
    const other = { ...alice, ...difference };
    expect(engine.allow({ caller: other, method: 'GET', path: workspace }).allowed).toBe(false);
  });

  it('are not kept for a caller object that was changed since', () => {
    const { engine } = start();
    const caller = { ...alice };
    expect(engine.allow({ caller, method: 'GET', path: workspace }).allowed).toBe(true);
    caller.email = 'bob@example.com';
    expect(engine.allow({ caller, method: 'GET', path: workspace }).allowed).toBe(false);
  });
});

describe('when the policy fails', () => {
  it('refuses by an error, and answers the next question', () => {
    const { engine } = start();
    const scopes = Array.from({ length: 400_000 }, (_, index) => `models:read${index}`);
    expect(() => engine.allow({ caller: { ...alice, scopes }, method: 'GET', path: workspace })).toThrow(
      PolicyEngineError,
    );
    expect(engine.allow({ caller: alice, method: 'GET', path: workspace }).allowed).toBe(true);
  });

  it('does not start with what is no policy', () => {
    const { bindings } = start();
    const options = { roles, bindings, endpoints: {}, wasm: new Uint8Array([1, 2, 3]) };
    expect(() => new EmbeddedPolicyEngine(options)).toThrow(PolicyEngineError);
  });
});
