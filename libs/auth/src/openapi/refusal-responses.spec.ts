import { describe, expect, it } from '@jest/globals';
import type { RouteRules } from '../http/route-rules.js';
import { refusalResponses, withRefusals } from './refusal-responses.js';

const guarded: RouteRules = {
  access: 'required',
  scopes: [],
  audiences: [],
  authContexts: [],
  permissions: [],
  workspace: undefined,
};
const workspace = undefined;

describe('the answers to those who are refused', () => {
  it.each<[string, Partial<RouteRules>, string | undefined]>([
    ['a guarded route', {}, undefined],
    ['one scope', { scopes: [{ mode: 'all', scopes: ['a:read'] }] }, 'The token lacks the scope `a:read`'],
    [
      'all of several',
      { scopes: [{ mode: 'all', scopes: ['a:read', 'b:read'] }] },
      'The token lacks one of the scopes `a:read`, `b:read`',
    ],
    [
      'any of several',
      { scopes: [{ mode: 'any', scopes: ['a:read', 'b:read'] }] },
      'The token has none of the scopes `a:read`, `b:read`',
    ],
    [
      'a scope and permissions',
      {
        scopes: [{ mode: 'all', scopes: ['a:read'] }],
        permissions: [
          { permissions: ['orders.read', 'orders.list'], workspace },
          { permissions: ['orders.read'], workspace },
        ],
      },
      'The token lacks the scope `a:read`. The caller lacks `orders.read` or `orders.list`',
    ],
  ])('of %s', (_name, rules, forbidden) => {
    const responses = refusalResponses({ ...guarded, ...rules });
    expect(Object.keys(responses)).toEqual(forbidden === undefined ? ['401', '503'] : ['401', '403', '503']);
    expect(responses[403]?.description).toBe(forbidden);
    expect(responses[401]).toMatchObject({
      headers: { 'WWW-Authenticate': {} },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/AuthErrorBody' } } },
    });
  });

  it('names what else is asked of a token', () => {
    const rules = { ...guarded, audiences: [['billing']], authContexts: [{ acr: 'phr' }] };
    expect(refusalResponses(rules)[401]?.description).toMatch(/for another audience.*too weak or too long ago$/);
  });

  it('come before what the route says itself, and leave the rest of it', () => {
    const refusals = refusalResponses({ ...guarded, scopes: [{ mode: 'all', scopes: ['a:read'] }] }, 'Problem');
    const own = { 200: { description: 'Good' }, 403: { description: 'Not yours', content: { 'text/plain': {} } } };
    expect(withRefusals(own, refusals)).toMatchObject({
      200: { description: 'Good' },
      401: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } } },
      403: { description: 'The token lacks the scope `a:read`. Not yours', content: { 'text/plain': {} } },
    });
    expect(withRefusals(undefined, refusals)[403]?.description).toBe('The token lacks the scope `a:read`');
    expect(withRefusals(withRefusals(own, refusals), refusals)[401]?.description).toBe(refusals[401]?.description);
  });
});
