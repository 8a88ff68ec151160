import { expect, it } from '@jest/globals';
import { isPublicPath } from './public-paths.js';

it.each([
  ['GET', '/'],
  ['HEAD', '/'],
  ['POST', '/apis/auth/token'],
  ['GET', '/apis/auth/discovery'],
  ['GET', '/health/live'],
  ['GET', '/readyz'],
  ['GET', '/studio'],
  ['GET', '/studio/app.js'],
  ['GET', '/plugin-ui/x'],
  ['GET', '/apis/plugins'],
])('%s %s is public', (method, path) => {
  expect(isPublicPath(method, path)).toBe(true);
});

it.each([
  ['POST', '/'],
  ['POST', '/apis/plugins'],
  ['GET', '/studioanything'],
  ['GET', '/apis/auth/discovery/x'],
  ['GET', '/apis/auth/v2/access-keys/jwks'],
  ['GET', '/apis/entities/v2/workspaces'],
  ['GET', '/Studio/'],
  ['GET', '/studio/../apis/entities/v2/workspaces'],
  ['GET', '/studio/..'],
  ['GET', '/studio/%2e%2e/apis'],
  ['GET', '/studio/..%2Fapis'],
  ['GET', '/studio/..%5Capis'],
  ['GET', '/studio/%252e%252e/apis'],
  ['GET', '/studio/..;/apis'],
  ['GET', '/studio//apis'],
])('%s %s is not', (method, path) => {
  expect(isPublicPath(method, path)).toBe(false);
});
