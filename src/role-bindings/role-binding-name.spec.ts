import { describe, expect, it } from '@jest/globals';
import { roleBindingName } from './role-binding-name.js';

describe('roleBindingName', () => {
  it.each([
    ['alice@example.com', 'ml-team', 'Admin', 'rb-843eacaeb440c86f2085df98'],
    ['*', 'default', 'Editor', 'rb-15c5ce544143ffde1ab2df18'],
  ])('names %s as %s of %s the way other clients compute it', (principal, workspace, role, name) => {
    expect(roleBindingName(principal, workspace, role)).toBe(name);
  });
});
