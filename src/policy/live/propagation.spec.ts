import { describe, expect, it } from '@jest/globals';
import { Propagation, type PropagationChannel } from './propagation.js';

const A_MOMENT_MS = 20;
const LONG_MS = 60_000;

describe('Propagation', () => {
  it('knows when its own instance has heard everything', async () => {
    const [one] = instances(1);
    await expect(one.reachesHere(LONG_MS)).resolves.toBe(true);
  });

  it('knows when every instance has', async () => {
    const [one] = instances(3);
    await expect(one.reachesAll(LONG_MS)).resolves.toBe(true);
  });

  it('does not confirm what one instance has not said', async () => {
    const [one] = instances(2, { counted: 3 });
    await expect(one.reachesAll(A_MOMENT_MS)).resolves.toBe(false);
  });

  it('has heard of a change when it was read, not before', async () => {
    const [one, other] = instances(2);
    const reader = { settled: (): Promise<void> => new Promise(() => undefined) };
    other?.waitFor({ settled: () => reader.settled() });
    await expect(one.reachesAll(A_MOMENT_MS)).resolves.toBe(false);
    await expect(other?.reachesHere(A_MOMENT_MS)).resolves.toBe(false);
    reader.settled = () => Promise.resolve();
    await expect(one.reachesAll(LONG_MS)).resolves.toBe(true);
    one.waitFor({ settled: () => Promise.reject(new Error('gone')) });
    await expect(one.reachesHere(A_MOMENT_MS)).resolves.toBe(false);
  });

  it('counts no instance twice', async () => {
    const [one] = instances(2, { counted: 3, isRepeating: true });
    await expect(one.reachesAll(A_MOMENT_MS)).resolves.toBe(false);
  });

  it.each(['reachesHere', 'reachesAll'] as const)('confirms nothing while the database is away: %s', async (method) => {
    const gone = (): Promise<never> => Promise.reject(new Error('gone'));
    const propagation = new Propagation({ mark: gone, confirm: gone, countInstances: gone });
    await expect(propagation[method](LONG_MS)).resolves.toBe(false);
  });
});

/** Instances that hear each other by one channel. */
function instances(count: number, { counted = count, isRepeating = false } = {}): [Propagation, ...Propagation[]] {
  const all: Propagation[] = [];
  const channel: PropagationChannel = {
    mark: async (mark) => {
      for (const instance of all) instance.marked(mark);
    },
    confirm: async (confirmation) => {
      const times = isRepeating ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        for (const instance of all) instance.message(JSON.stringify(confirmation));
      }
    },
    countInstances: async () => counted,
  };
  for (let index = 0; index < count; index += 1) all.push(new Propagation(channel));
  const [first = new Propagation(channel), ...others] = all;
  return [first, ...others];
}
