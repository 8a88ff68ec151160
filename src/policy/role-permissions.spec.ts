import { describe, expect, it } from '@jest/globals';
import { readRoleCatalogue } from './engine/role-files.js';
import { RolePermissions } from './role-permissions.js';

const roles = new RolePermissions(readRoleCatalogue());
const permissions = [
  'workspaces.read',
  'workspaces.update',
  'workspaces.delete',
  'workspaces.create',
  'workspaces.members.list',
  'workspaces.members.create',
];

describe('RolePermissions', () => {
  it.each([
    ['Viewer', ['workspaces.read', 'workspaces.members.list']],
    ['Editor', ['workspaces.read', 'workspaces.update', 'workspaces.members.list']],
    [
      'Admin',
      [
        'workspaces.read',
        'workspaces.update',
        'workspaces.delete',
        'workspaces.members.list',
        'workspaces.members.create',
      ],
    ],
    ['WorkspaceCreator', ['workspaces.create']],
    ['PlatformAdmin', permissions],
    ['ServiceSystem', permissions],
    ['Owner', []],
    ['constructor', []],
    ['viewer', []],
  ])('lets %s do %j', (role, allowed) => {
    expect(permissions.filter((permission) => roles.permit([role], permission))).toEqual(allowed);
  });

  it('takes the roles together', () => {
    expect(roles.permit(['Viewer', 'WorkspaceCreator'], 'workspaces.create')).toBe(true);
    expect(roles.permit([], 'workspaces.read')).toBe(false);
  });

  it('names the roles that permit something where they are bound', () => {
    expect(roles.rolesThatPermit('workspaces.update')).toEqual(['Editor', 'Admin']);
  });

  it('gives members the roles that mean something in their workspace', () => {
    expect(roles.rolesOfMembers('ml-team')).toEqual(['Viewer', 'Editor', 'Admin', 'JobRunner']);
    expect(roles.rolesOfMembers('system')).toEqual([
      'Viewer',
      'Editor',
      'Admin',
      'WorkspaceCreator',
      'PlatformAdmin',
      'JobRunner',
    ]);
  });
});
