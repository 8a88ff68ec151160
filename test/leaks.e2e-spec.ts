import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..');

/** What all of the test files below begin with: a server, and somebody who signs in there. */
const stage = `
import { afterAll, jest, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
const secret = randomUUID();
const encode = (text) => Buffer.from(text).toString('base64url');
const jwt = [encode('{"alg":"RS256"}'), encode('{"sub":"alice"}'), encode(secret)].join('.');
const ask = async (options, path = '/', headers = {}, body = '{}') => {
  const server = createServer((request, response) => request.resume().on('end', () => response.writeHead(200, headers).end(body)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await fetch('http://127.0.0.1:' + server.address().port + path, options);
  server.closeAllConnections();
  await once(server.close(), 'close');
};
const bearer = { headers: { authorization: 'Bearer ' + jwt } };
const form = (name) => ({ method: 'POST', body: new URLSearchParams({ [name]: secret }) });
const logger = { warn() {} };
const run = (code) => once(spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'pipe'] }), 'close');
`;

/** Test files that write a secret somewhere, and what is said of each. */
const leaking: Readonly<Record<string, [body: string, said: string]>> = {
  'bearer-token': ["await ask(bearer); process.stdout.write('got ' + jwt + '\\n')", 'a token in stdout'],
  'part-of-a-token': ["await ask(bearer); process.stderr.write(jwt.split('.')[2])", 'a token in stderr'],
  'any-token': ["process.stdout.write('made ' + jwt)", 'a token in stdout'],
  'split-token': ['process.stdout.write(jwt.slice(0, 40)); process.stdout.write(jwt.slice(40))', 'a token in stdout'],
  'refresh-token': ["await ask(form('refresh_token')); process.stdout.write(secret)", 'a refresh token in stdout'],
  password: ["await ask(form('password')); process.stdout.write(secret)", 'a password in stdout'],
  'client-secret': [
    "await ask({ headers: { authorization: 'Basic ' + btoa('nmp:' + secret) } }); process.stdout.write(secret)",
    'a client secret in stdout',
  ],
  'gateway-secret': [
    "await ask({ headers: { 'x-gateway': 'words and ' + secret } }); process.stdout.write('words and ' + secret)",
    'a header x-gateway in stdout',
  ],
  'sent-cookie': [
    "await ask({}, '/', { 'set-cookie': 'session=' + secret + '; Path=/' }); process.stdout.write(secret)",
    'a cookie in stdout',
  ],
  'given-token': [
    "await ask({}, '/', {}, JSON.stringify({ access_token: secret })); process.stdout.write(secret)",
    'a access token in stdout',
  ],
  'redirected-code': ["await ask({}, '/callback?code=' + secret); process.stdout.write(secret)", 'a code in stdout'],
  'spied-logger': [
    "await ask(bearer); jest.spyOn(logger, 'warn').mockImplementation(() => {}); logger.warn(new Error(jwt)); jest.restoreAllMocks()",
    'a token in a logger',
  ],
  console: ['await ask(bearer); console.log({ jwt })', 'a token in the console'],
  program: ["await ask(bearer); await run('console.error(' + JSON.stringify(jwt) + ')')", 'a token in stderr of node'],
  'waiting-program': [
    "await ask(bearer); spawnSync(process.execPath, ['-e', 'console.error(' + JSON.stringify(jwt) + ')'])",
    'a token in stderr of node',
  ],
  variable: [
    "await once(spawn(process.execPath, ['-e', 'console.error(process.env.A_SECRET)'], { env: { A_SECRET: secret }, stdio: 'pipe' }), 'close')",
    'a variable in stderr of node',
  ],
  'handed-over': [
    "await ask(bearer); globalThis[Symbol.for('nmp.leak-watch')].output('the log', 'asked with ' + jwt)",
    'a token in the log',
  ],
  'after-all': ['await ask(bearer); globalThis.late = jwt', 'a token in stdout'],
};

/** Test files of which nothing is to be said. */
const silent: Readonly<Record<string, string>> = {
  'used-and-not-shown': "await ask(bearer); await ask(form('password')); process.stdout.write('alice has signed in')",
  'data-of-a-program': "await ask(bearer); await run('console.log(' + JSON.stringify(jwt) + ')')",
  'header-of-a-token': "await ask(bearer); process.stdout.write(jwt.split('.')[0] + ' ' + secret.slice(0, 8))",
  'word-of-a-form':
    "await ask({ method: 'POST', body: new URLSearchParams({ password: 'short' }) }); process.stdout.write('short')",
};

describe('a test file that leaks a secret', () => {
  const outcomes = new Map<string, { readonly status: string; readonly message: string }>();
  let directory: string;

  beforeAll(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'nmp-leaks-')));
    mkdirSync(join(directory, 'tests'));
    const bodies = { ...Object.fromEntries(Object.entries(leaking).map(([name, [body]]) => [name, body])), ...silent };
    for (const [name, body] of Object.entries(bodies)) {
      const late = name === 'after-all' ? 'afterAll(() => process.stdout.write(globalThis.late));' : '';
      writeFileSync(
        join(directory, 'tests', `${name}.test.mjs`),
        `${stage}${late}\ntest('passes', async () => { ${body}; });\n`,
      );
    }
    const config = {
      rootDir: directory,
      runtime: join(root, 'test', 'support', 'worker', 'runtime.cjs'),
      testEnvironment: join(root, 'test', 'support', 'leaks', 'environment.mjs'),
      testMatch: ['**/*.test.mjs'],
      transform: {},
      reporters: [],
      testTimeout: 120_000,
    };
    writeFileSync(join(directory, 'jest.config.json'), JSON.stringify(config));
    const result = join(directory, 'result.json');
    const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
    const options = ['--config', join(directory, 'jest.config.json'), '--runInBand', '--json', '--outputFile', result];
    spawnSync(process.execPath, [jest, ...options], { cwd: directory, encoding: 'utf8' });
    const { testResults } = JSON.parse(readFileSync(result, 'utf8')) as {
      testResults: { name: string; status: string; message: string }[];
    };
    for (const { name, status, message } of testResults) outcomes.set(basename(name, '.test.mjs'), { status, message });
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each(Object.entries(leaking))('fails, by its name: %s', (name, [, said]) => {
    const outcome = outcomes.get(name);
    expect(outcome).toMatchObject({ status: 'failed', message: expect.stringContaining(`${said}: `) });
    expect(outcome?.message).toContain(`${name}.test.mjs leaks secrets`);
  });

  it.each(Object.keys(silent))('is told from one that does not: %s', (name) => {
    expect(outcomes.get(name)).toEqual({ status: 'passed', message: '' });
  });
});
