import { expect, it } from '@jest/globals';
import { FiguresText } from './figures-text.js';

it('makes the figures once for all who ask at the same time, and anew for who comes later', async () => {
  let made = 0;
  const text = new FiguresText({ metrics: () => Promise.resolve(`figures ${++made}`) });
  expect(await Promise.all([text.read(), text.read(), text.read()])).toEqual(['figures 1', 'figures 1', 'figures 1']);
  expect(await text.read()).toBe('figures 2');
});

it('tells who asks after a failure what there is then', async () => {
  const outcomes = [Promise.reject(new Error('no figures')), Promise.resolve('figures')];
  const text = new FiguresText({ metrics: () => outcomes.shift() ?? Promise.resolve('') });
  await expect(text.read()).rejects.toThrow('no figures');
  expect(await text.read()).toBe('figures');
});
