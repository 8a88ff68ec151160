import { describe, expect, it } from '@jest/globals';
import { type Binding, BindingIndex } from '../engine/binding-index.js';
import { LiveBindings, type Mark } from './live-bindings.js';

const alice = { principal: 'alice@example.com', workspace: 'ml', role: 'Editor' };
const bob = { principal: 'bob@example.com', workspace: 'ml', role: 'Viewer' };

describe('LiveBindings', () => {
  it('holds what was read, and reads what it is told of, at once', async () => {
    const table = [alice];
    const { bindings, named } = given(() => [...table], table);
    await bindings.load();
    table.splice(0, 1, bob);
    bindings.message(JSON.stringify({ ...bob, isGranted: true }));
    bindings.message(JSON.stringify({ ...alice, isGranted: false }));
    await bindings.settled();
    expect([...bindings.index.all()]).toEqual([bob]);
    expect(named).toEqual([[bob, alice]]);
  });

  it('believes nothing that is said', async () => {
    const { bindings } = given(() => [alice], [alice]);
    await bindings.load();
    bindings.message(JSON.stringify({ ...bob, isGranted: true }));
    bindings.message(JSON.stringify({ ...alice, isGranted: false }));
    await bindings.settled();
    expect([...bindings.index.all()]).toEqual([alice]);
  });

  it.each([
    'garbage',
    'null',
    '"mark"',
    '{}',
    '{"mark":1}',
    JSON.stringify({ ...alice, role: 1 }),
    '{"principal":"\\u0000"}',
  ])('takes nothing from %s', async (payload) => {
    const { bindings, named } = given(() => [alice]);
    await bindings.load();
    expect(() => bindings.message(payload)).toThrow();
    await bindings.settled();
    expect(named).toEqual([]);
  });

  it('reads what it is told of while it reads after what it is reading', async () => {
    const { promise, resolve } = deferred<Binding[]>();
    const { bindings } = given(() => promise, [bob]);
    const loaded = bindings.load();
    await Promise.resolve();
    bindings.message(JSON.stringify({ ...alice, isGranted: false }));
    resolve([alice, bob]);
    await loaded;
    await bindings.settled();
    expect([...bindings.index.all()]).toEqual([bob]);
  });

  it('reads everything when there is too much to name, or it could not be read', async () => {
    let table = [alice];
    const { bindings, named } = given(() => table, new Error('gone'));
    await bindings.load();
    table = [bob];
    bindings.message(JSON.stringify({ ...bob, isGranted: true }));
    await bindings.settled();
    expect([...bindings.index.all()]).toEqual([bob]);
    table = [alice];
    for (let at = 0; at < 501; at += 1) bindings.message(JSON.stringify({ ...bob, workspace: `ml-${at}` }));
    await bindings.settled();
    expect([...bindings.index.all()]).toEqual([alice]);
    expect(named).toEqual([[bob]]);
  });

  it('is not settled before what could not be read has been', async () => {
    const answers: (Binding[] | Error)[] = [[alice], new Error('gone'), new Error('gone'), [bob]];
    const { bindings } = given(() => {
      const answer = answers.shift() ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    }, new Error('gone'));
    await bindings.load();
    bindings.message(JSON.stringify({ ...bob, isGranted: true }));
    await expect(bindings.settled()).rejects.toThrow('gone');
    expect([...bindings.index.all()]).toEqual([alice]);
    await bindings.settled();
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

  it('mostly reads nothing while nothing has changed', async () => {
    let stored = 'one';
    let readings = 0;
    const { bindings } = given(
      () => {
        readings += 1;
        return [alice];
      },
      [],
      async () => stored,
    );
    await bindings.load();
    await bindings.refresh();
    expect(readings).toBe(1);
    stored = 'two';
    await bindings.refresh();
    expect(readings).toBe(2);
    for (let time = 0; time < 10; time += 1) await bindings.refresh();
    expect(readings).toBe(3);
  });

  it('hands marks on, in their place among the changes', async () => {
    const { bindings, marks } = given(() => []);
    await bindings.load();
    bindings.message(JSON.stringify({ mark: 'm', isForAll: true }));
    expect(marks).toEqual([{ mark: 'm', isForAll: true }]);
  });
});

function given(
  readAll: () => Binding[] | Promise<Binding[]>,
  table: readonly Binding[] | Error = [],
  fingerprint?: () => Promise<string>,
) {
  const named: (readonly Binding[])[] = [];
  const said: string[] = [];
  const marks: Mark[] = [];
  let readings = 0;
  const source = {
    readAll: async () => readAll(),
    readNamed: async (names: readonly Binding[]) => {
      named.push(names);
      if (table instanceof Error) throw table;
      const inForce = new BindingIndex(table);
      return names.map((name) => ({
        ...name,
        isGranted: inForce.rolesOf(name.principal, name.workspace).includes(name.role),
      }));
    },
    fingerprint: fingerprint ?? (async () => String((readings += 1))),
  };
  const bindings = new LiveBindings(source, {
    marked: (mark) => marks.push(mark),
    failed: () => said.push('failed'),
    recovered: () => said.push('recovered'),
  });
  return { bindings, said, marks, named };
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
