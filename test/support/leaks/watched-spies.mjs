import { inspect } from 'node:util';

/** The methods that write lines: of Nest's loggers, of consoles, of streams. */
const writing = new Set(['log', 'info', 'warn', 'error', 'debug', 'verbose', 'fatal', 'write']);

/**
 * Tells the lines that tests take away from loggers with `jest.spyOn`.
 *
 * @param {{ spyOn: Function }} mocker Jest's own
 * @param {(text: string) => void} tell
 */
export function watchSpies(mocker, tell) {
  const spyOn = mocker.spyOn.bind(mocker);
  const watched = new WeakSet();
  mocker.spyOn = (object, key, accessType) => {
    const spy = spyOn(object, key, accessType);
    if (accessType !== undefined || !writing.has(key) || watched.has(spy) || object[key] !== spy) return spy;
    // For Jest it stays the spy: calls are recorded, and restoring takes it away.
    const proxy = new Proxy(spy, {
      apply: (target, self, args) => {
        tell(`${args.map((arg) => (typeof arg === 'string' ? arg : inspect(arg, { depth: 4 }))).join(' ')}\n`);
        return Reflect.apply(target, self, args);
      },
    });
    watched.add(proxy);
    object[key] = proxy;
    return proxy;
  };
}
