import { expect, it } from '@jest/globals';
import type { AccessKeyRow } from '../storage/schema.js';
import { accessKeyResponse } from './access-key.responses.js';

const expiresAt = new Date('2030-01-31T00:00:00Z');
const row: AccessKeyRow = {
  jti: 'a',
  name: 'ci',
  ownerIssuer: 'https://idp.example.com',
  ownerKind: 'user',
  ownerId: 'alice',
  ownerEmail: null,
  scopes: ['platform:read'],
  createdAt: new Date('2030-01-01T00:00:00Z'),
  expiresAt,
  lastUsedAt: null,
  endsAt: null,
  endedBy: null,
  replacedBy: null,
};

it.each<[string, string, Partial<AccessKeyRow>, string, string]>([
  ['before its expiry', '2030-01-30', {}, 'active', '2030-01-31'],
  ['at its expiry', '2030-01-31', {}, 'expired', '2030-01-31'],
  ['when its name was given away afterwards', '2030-02-01', { endsAt: expiresAt }, 'expired', '2030-01-31'],
  ['when it was revoked', '2030-01-10', { endsAt: new Date('2030-01-10') }, 'revoked', '2030-01-10'],
  ['in its time of grace', '2030-01-10', { endsAt: new Date('2030-01-11'), replacedBy: 'b' }, 'active', '2030-01-11'],
  ['after that', '2030-01-11', { endsAt: new Date('2030-01-11'), replacedBy: 'b' }, 'rotated', '2030-01-11'],
])('the state of an access key %s', (_, now, difference, state, end) => {
  const { expires_at: told, ...answer } = accessKeyResponse({ ...row, ...difference }, new Date(now));
  expect([answer.state, told]).toEqual([state, `${end}T00:00:00.000Z`]);
});
