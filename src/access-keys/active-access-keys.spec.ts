import { describe, expect, it } from '@jest/globals';
import { type ActiveAccessKey, ActiveAccessKeys } from './active-access-keys.js';
import { LiveAccessKeys } from './live-access-keys.js';

const start = Date.parse('2030-01-01T00:00:00Z');
const hour = 3_600_000;
const id = '00000000-0000-4000-8000-00000000000a';
const at = (afterMs: number): Date => new Date(start + afterMs);

describe('ActiveAccessKeys', () => {
  it('knows those that were read, until they end', () => {
    const keys = new ActiveAccessKeys();
    keys.replaceAll([{ jti: 'a', endsAtMs: start + 10 }]);
    expect([keys.isActive('a', at(9)), keys.isActive('a', at(10)), keys.isActive('b', at(0))]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('hears of those that came, and that were given another end', async () => {
    const keys = new ActiveAccessKeys();
    const stored: ActiveAccessKey[] = [];
    const live = liveOf(keys, stored);
    await live.load();
    const hear = async (): Promise<void> => {
      live.message(JSON.stringify({ jti: id, endsAtMs: 9e15 }));
      await live.settled();
    };
    stored[0] = { jti: id, endsAtMs: start + 10 };
    await hear();
    expect(keys.isActive(id, at(9))).toBe(true);
    stored[0] = { jti: id, endsAtMs: start + 5 };
    await hear();
    expect(keys.isActive(id, at(5))).toBe(false);
    stored.pop();
    await hear();
    expect(keys.isActive(id, at(0))).toBe(false);
  });

  it.each(['garbage', 'null', '7', '{}', '{"jti":"a"}', `{"jti":["${id}"]}`])('hears nothing in %s', (payload) => {
    expect(() => liveOf(new ActiveAccessKeys(), []).message(payload)).toThrow();
  });

  it('makes good what it did not hear when it hears again', async () => {
    const keys = new ActiveAccessKeys();
    const stored = [{ jti: 'a', endsAtMs: start + 10 }];
    const live = liveOf(keys, stored);
    await live.load();
    stored.pop();
    live.resumed();
    await live.refresh();
    expect(keys.isActive('a', at(0))).toBe(false);
  });

  it('takes a use down once an hour for each key', () => {
    const keys = new ActiveAccessKeys();
    keys.replaceAll(['a', 'b'].map((jti) => ({ jti, endsAtMs: start + 10 * hour })));
    for (const afterMs of [0, 1, hour - 1]) keys.isActive('a', at(afterMs));
    keys.isActive('b', at(1));
    expect([...keys.takeUses()]).toEqual([
      ['a', at(0)],
      ['b', at(1)],
    ]);
    keys.isActive('a', at(hour - 1));
    expect([...keys.takeUses()]).toEqual([]);
    keys.isActive('a', at(hour));
    expect([...keys.takeUses()]).toEqual([['a', at(hour)]]);
  });

  it('takes no use down of what may not be used', () => {
    const keys = new ActiveAccessKeys();
    keys.replaceAll([{ jti: 'a', endsAtMs: start }]);
    keys.isActive('a', at(0));
    keys.isActive('x', at(0));
    expect([...keys.takeUses()]).toEqual([]);
  });

  it('keeps a use that could not be written down, unless a later one came', () => {
    const keys = new ActiveAccessKeys();
    keys.replaceAll(['a', 'b'].map((jti) => ({ jti, endsAtMs: start + 10 * hour })));
    keys.isActive('a', at(0));
    keys.isActive('b', at(0));
    const taken = keys.takeUses();
    keys.isActive('a', at(2 * hour));
    keys.returnUses(taken);
    expect(Object.fromEntries(keys.takeUses())).toEqual({ a: at(2 * hour), b: at(0) });
  });
});

function liveOf(keys: ActiveAccessKeys, stored: ActiveAccessKey[]): LiveAccessKeys {
  const source = {
    readAll: () => Promise.resolve([...stored]),
    readNamed: (jtis: readonly string[]) =>
      Promise.resolve(jtis.map((jti) => stored.find((key) => key.jti === jti) ?? { jti, endsAtMs: 0 })),
    fingerprint: () => Promise.resolve(String(stored.length)),
  };
  return new LiveAccessKeys(keys, source, { failed: () => undefined, recovered: () => undefined });
}
