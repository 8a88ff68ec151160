import { describe, expect, it } from '@jest/globals';
import { type Permission, rolesAllow } from './roles.js';

const permissions: Permission[] = ['workspaces.read', 'workspaces.update', 'workspaces.delete', 'workspaces.create'];

describe('rolesAllow', () => {
  it.each([
    ['Viewer', ['workspaces.read']],
    ['Editor', ['workspaces.read', 'workspaces.update']],
    ['Admin', ['workspaces.read', 'workspaces.update', 'workspaces.delete']],
    ['WorkspaceCreator', ['workspaces.create']],
    ['PlatformAdmin', permissions],
    ['ServiceSystem', permissions],
    ['Owner', []],
    ['constructor', []],
    ['viewer', []],
  ])('lets %s do %j', (role, allowed) => {
    expect(permissions.filter((permission) => rolesAllow([role], permission))).toEqual(allowed);
  });

  it('takes the roles together', () => {
    expect(rolesAllow(['Viewer', 'WorkspaceCreator'], 'workspaces.create')).toBe(true);
    expect(rolesAllow([], 'workspaces.read')).toBe(false);
  });
});
