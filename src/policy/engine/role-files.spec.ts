import { describe, expect, it } from '@jest/globals';
import { readRoleCatalogue, roleCatalogueOf } from './role-files.js';

const builtIn = {
  name: 'roles.yaml',
  text: `
roles:
  Viewer: { permissions: [models.read] }
  Editor: { includes: [Viewer], permissions: [models.update] }
  ServiceSystem: { permissions: ['*'] }
`,
};

const withOwn = (text: string) => roleCatalogueOf(builtIn, { name: 'own.yaml', text });

describe('the roles of the platform', () => {
  const catalogue = readRoleCatalogue();

  it.each([
    ['Viewer', 'workspaces.members.list', true],
    ['Viewer', 'workspaces.update', false],
    ['Editor', 'workspaces.read', true],
    ['Editor', 'workspaces.delete', false],
    ['Admin', 'workspaces.delete', true],
    ['Admin', 'models.read', true],
    ['Admin', 'workspaces.create', false],
    ['WorkspaceCreator', 'workspaces.create', true],
    ['PlatformAdmin', 'workspaces.members.delete', true],
    ['PlatformAdmin', 'iam.bundle.read', true],
    ['ServiceSystem', '*', true],
  ])('let %s do %s: %s', (role, permission, isGranted) => {
    expect(catalogue.get(role)?.grants.includes(permission)).toBe(isGranted);
  });
});

describe('roles of the operator', () => {
  it('include those of the platform and their own', () => {
    const catalogue = withOwn(
      'roles: { Lead: { includes: [Trainer] }, Trainer: { includes: [Editor], permissions: [models.train] } }',
    );
    expect(catalogue.get('Lead')).toEqual({
      name: 'Lead',
      description: '',
      includes: ['Trainer'],
      permissions: [],
      grants: ['models.read', 'models.train', 'models.update'],
      isBuiltIn: false,
    });
    expect(catalogue.all().map(({ name }) => name)).toEqual(['Viewer', 'Editor', 'ServiceSystem', 'Lead', 'Trainer']);
  });

  it('may have the name of a member of every object', () => {
    expect(withOwn('roles: { constructor: { permissions: [models.train] } }').get('constructor')?.grants).toEqual([
      'models.train',
    ]);
    expect(withOwn('roles: {}').has('toString')).toBe(false);
  });

  it.each([
    ['roles: { Viewer: {} }', 'roles.Viewer is a role of the platform and cannot be redefined'],
    ['roles: { viewer: {} }', 'roles.viewer would be mistaken for Viewer'],
    ['roles: { "a b": {} }', 'roles.a b is not a name'],
    ['roles: { A: { includes: [Editr] } }', 'roles.A.includes: unknown role "Editr", did you mean "Editor"?'],
    ['roles: { A: { includes: [ServiceSystem] } }', 'roles.A.includes: ServiceSystem cannot be included'],
    ['roles: { A: { permissions: ["*"] } }', 'roles.A.permissions: only ServiceSystem has "*"'],
    ['roles: { A: { permissions: ["models:read"] } }', 'roles.A.permissions: "models:read" is not a permission'],
    ['roles: { A: { permissions: [secrets.access] } }', 'roles.A.permissions: "secrets.access" is for services alone'],
    ['roles: { A: { permissions: [entities.read] } }', 'roles.A.permissions: "entities.read" is for services alone'],
    ['roles: { A: { permissions: models.read } }', 'roles.A.permissions must be a list of texts'],
    ['roles: { A: { include: [Viewer] } }', 'roles.A: unknown key "include", did you mean "includes"?'],
    ['roles: { A: [] }', 'roles.A must be a mapping'],
    ['roles: { A: {} }\nextra: 1', 'unknown key "extra"'],
    ['roles: []', 'it must be a mapping with the key "roles"'],
    ['roles: { A: {}, A: {} }', 'Map keys must be unique'],
    ['roles: { A: *nothing }', 'nothing'],
    ['roles: { A: { includes: [A] } }', 'roles include each other: A → A'],
    [
      'roles: { A: { includes: [B] }, B: { includes: [C] }, C: { includes: [B] } }',
      'roles include each other: B → C → B',
    ],
  ])('are refused: %s', (text, problem) => {
    expect(() => withOwn(text)).toThrow(`own.yaml: ${problem}`.replace('own.yaml: nothing', 'nothing'));
  });

  it('are refused with every problem at once', () => {
    const text = 'roles: { viewer: {}, B: { permissions: [x] }, C: { includes: [C] } }';
    expect(() => withOwn(text)).toThrow(/viewer would be .*; .*"x" is not .*; .*C → C/);
  });

  it('are refused when their file cannot be read', () => {
    expect(() => readRoleCatalogue('/nowhere/own.yaml')).toThrow('/nowhere/own.yaml cannot be read');
  });
});
