import { expect, it } from '@jest/globals';
import { tokenKindOf } from './token-kind.js';

it.each([
  [undefined, 'access'],
  ['JWT', 'access'],
  ['at+jwt', 'access'],
  ['application/at+JWT', 'access'],
  ['hop+jwt', 'hop'],
  ['workload+jwt', 'workload'],
  ['access-key+jwt', 'access-key'],
  ['HOP+JWT', undefined],
  ['access_key+jwt', undefined],
  ['application/hop+jwt', undefined],
  ['workload+jwt ', undefined],
  ['dpop+jwt', undefined],
])('takes the header type %s for that of %s', (typ, kind) => {
  expect(tokenKindOf(typ)).toBe(kind);
});
