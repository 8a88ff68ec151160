import { insufficientScope } from '../answers.js';
import type { Row } from '../prove.js';
import type { Asked, Stage } from '../stage.js';

/** Requests of the route that needs `orders:read`, with tokens of these claims. */
function orders(stage: Stage, ...claims: Record<string, unknown>[]): Promise<Asked>[] {
  return claims.map(async (given) => ({ path: '/orders', token: await stage.token({ claims: given }) }));
}

/** What a token may do. */
export const scopeRows: Row[] = [
  {
    id: 'C16',
    what: 'scopes of other types, or in scp beside a scope that has some',
    attack: (stage) =>
      orders(
        stage,
        { scope: 42 },
        { scope: { 'orders:read': true } },
        { scope: [['orders:read']] },
        { scope: 'orders:write', scp: 'orders:read' },
        { scope: ['orders:write'], scp: ['orders:read'] },
        { scope: 'openid', scopes: 'orders:read', permissions: ['orders:read'] },
        { scope: 'orders:read,orders:write' },
      ),
    answer: insufficientScope,
    neighbour: (stage) =>
      orders(
        stage,
        { scope: 'orders:read' },
        { scope: 'openid\torders:read' },
        { scope: '  openid   orders:read  ' },
        { scope: ['openid', 'orders:read'] },
        { scope: ['orders:read', 42, null] },
        { scope: '', scp: 'openid orders:read' },
        { scope: undefined, scp: ['orders:read'] },
        { scope: 'orders:read', scp: 'orders:write' },
      ),
  },
  {
    id: 'C17',
    what: 'scopes that resemble the required one',
    attack: (stage) =>
      orders(
        stage,
        ...[
          'read',
          'orders',
          'orders:',
          ':read',
          'orders:rea',
          'orders:read:all',
          'orders:reads',
          'ORDERS:READ',
          'Orders:read',
          'orders:*',
          '*:*',
          '*',
          'orders.read',
          'x/orders:read',
          'orders:read\u200B',
          'ordеrs:read',
        ].map((scope) => ({ scope })),
      ),
    answer: insufficientScope,
    neighbour: (stage) => orders(stage, { scope: 'orders:read' }, { scope: 'platform:read' }),
  },
  {
    id: 'C18',
    what: 'another scope than the required one: the answer names what is needed',
    attack: (stage) => orders(stage, { scope: 'orders:write' }, { scope: 'platform:write' }, { scope: 'openid' }),
    answer: insufficientScope,
    neighbour: (stage) => orders(stage, { scope: 'orders:write orders:read' }),
  },
  {
    id: 'C19',
    what: 'no scope at all where one is needed',
    attack: (stage) => orders(stage, { scope: undefined }, { scope: '' }, { scope: null }, { scope: [], scp: [] }),
    answer: insufficientScope,
    neighbour: async (stage) => [...orders(stage, { scope: 'orders:read' }), stage.token({ claims: { scope: '' } })],
  },
];
