import { describe, expect, it } from '@jest/globals';
import type { Binding } from '../engine/binding-index.js';
import { LiveBindings, type Mark } from './live-bindings.js';

const alice = { principal: 'alice@example.com', workspace: 'ml', role: 'Editor' };
const bob = { principal: 'bob@example.com', workspace: 'ml', role: 'Viewer' };

describe('LiveBindings', () => {
  it('holds what was read, and what is said afterwards', async () => {
    const { bindings } = given(() => [alice]);
    await bindings.load();
    bindings.message(JSON.stringify({ ...bob, isGranted: true }));
    bindings.message(JSON.stringify({ ...alice, isGranted: false }));
    expect([...bindings.index.all()]).toEqual([bob]);
  });

  it('puts what is said while it reads behind what it reads', async () => {
    const { promise, resolve } = deferred<Binding[]>();
    const { bindings } = given(() => promise);
    const loaded = bindings.load();
    await Promise.resolve();
    bindings.message(JSON.stringify({ ...alice, isGranted: false }));
    resolve([alice, bob]);
    await loaded;
    expect([...bindings.index.all()]).toEqual([bob]);
  });

  it('makes good at the next reading what was never said', async () => {
    let stored = [alice];
    const { bindings } = given(() => stored);
    await bindings.load();
    stored = [bob];
    await bindings.refresh();
    expect([...bindings.index.all()]).toEqual([bob]);
  });

  it('reads once more when it hears again, though it is reading already', async () => {
    const first = deferred<Binding[]>();
    const readings = [first.promise, Promise.resolve([bob])];
    const { bindings } = given(() => readings.shift() ?? []);
    const loaded = bindings.load();
    bindings.resumed();
    first.resolve([alice]);
    await loaded;
    await bindings.refresh();
    expect(readings).toEqual([]);
  });

  it('goes on with what it has while nothing can be read, and says so once', async () => {
    const answers: (Binding[] | Error)[] = [[alice], new Error('gone'), new Error('gone'), [alice, bob]];
    const { bindings, said } = given(() => {
      const answer = answers.shift() ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    });
    await bindings.load();
    await bindings.refresh();
    await bindings.refresh();
    expect([...bindings.index.all()]).toEqual([alice]);
    expect(bindings.problem).toMatchObject({ message: 'gone' });
    await bindings.refresh();
    expect(bindings.problem).toBeUndefined();
    expect(said).toEqual(['failed', 'recovered']);
    await expect(given(() => Promise.reject(new Error('gone'))).bindings.load()).rejects.toThrow('gone');
  });

  it('reads nothing while nothing has changed', async () => {
    let stored = 'one';
    let readings = 0;
    const { bindings } = given(
      () => {
        readings += 1;
        return [alice];
      },
      async () => stored,
    );
    await bindings.load();
    await bindings.refresh();
    expect(readings).toBe(1);
    stored = 'two';
    await bindings.refresh();
    expect(readings).toBe(2);
  });

  it('hands marks on, in their place among the changes', async () => {
    const { bindings, marks } = given(() => []);
    await bindings.load();
    bindings.message(JSON.stringify({ mark: 'm', isForAll: true }));
    expect(marks).toEqual([{ mark: 'm', isForAll: true }]);
  });
});

function given(readAll: () => Binding[] | Promise<Binding[]>, fingerprint?: () => Promise<string>) {
  const said: string[] = [];
  const marks: Mark[] = [];
  let readings = 0;
  const source = {
    readAll: async () => readAll(),
    fingerprint: fingerprint ?? (async () => String((readings += 1))),
  };
  const bindings = new LiveBindings(source, {
    marked: (mark) => marks.push(mark),
    failed: () => said.push('failed'),
    recovered: () => said.push('recovered'),
  });
  return { bindings, said, marks };
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
