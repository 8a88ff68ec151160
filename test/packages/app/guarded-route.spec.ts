import { expect, it } from '@jest/globals';
import { callEverything, expectedAnswers } from './calls.js';

it('guards a route of a Nest 11 application', async () => {
  expect(await callEverything()).toEqual(expectedAnswers);
});
