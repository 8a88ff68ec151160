import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

/** Programs whose stdout is their log; that of others is data for whoever called them. */
const servers = /quickstart\.mjs$|dist\/main\.js$|dev-idp/;
const secretVariable = /^[^=]*(?:SECRET|PASSWORD|TOKEN)[^=]*=(.*)$/s;

/**
 * Tells what this process and the programs that it starts write, and the secrets that these are given.
 *
 * @param {{ output: (source: string, text: unknown) => void, secret: (kind: string, value: unknown) => void }} watch
 */
export function captureOutput(watch) {
  for (const name of ['stdout', 'stderr']) {
    tap(process[name], 'write', (chunk) => watch.output(name, chunk));
  }
  const { ChildProcess, spawnSync } = childProcess;
  const { spawn } = ChildProcess.prototype;
  ChildProcess.prototype.spawn = function (options) {
    const result = spawn.call(this, options);
    tellVariables(options.envPairs, watch);
    const name = nameOf(options.args);
    if (this.stderr) tap(this.stderr, 'push', (chunk) => watch.output(`stderr of ${name}`, chunk));
    const isServer = options.args.some((arg) => servers.test(arg));
    if (isServer && this.stdout) tap(this.stdout, 'push', (chunk) => watch.output(`stdout of ${name}`, chunk));
    return result;
  };
  childProcess.spawnSync = (...args) => {
    const result = spawnSync(...args);
    const given = Array.isArray(args[1]) ? args[1] : [];
    if (result.stderr) watch.output(`stderr of ${nameOf([args[0], ...given])}`, result.stderr);
    return result;
  };
  syncBuiltinESMExports();
}

function tap(stream, method, listen) {
  const original = stream[method];
  stream[method] = function (chunk, ...rest) {
    if (chunk !== null && chunk !== undefined) listen(chunk);
    return original.call(this, chunk, ...rest);
  };
}

/** The program, and the file if it is given one: never its other arguments, which may be secret. */
function nameOf([program, first = '']) {
  const file = /\.[cm]?[jt]s$/.test(first) ? ` ${basename(first)}` : '';
  return `${basename(program)}${file}`;
}

function tellVariables(pairs = [], watch) {
  for (const pair of pairs) {
    const [, value] = secretVariable.exec(pair) ?? [];
    watch.secret('variable', value);
  }
}
