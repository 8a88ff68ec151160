import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { secretComparisons } from './support/secret-comparisons.js';

const root = join(import.meta.dirname, '..');

/** Comparisons of which nobody outside learns how long they take, or of things that only the asker has. */
const harmless: Readonly<Record<string, string>> = {
  'libs/auth/src/http/graphql-servers.ts: token === optionsToken': 'names of providers',
  'libs/auth/src/possession/dpop-check.ts: known?.token === token': 'both of one request',
  'libs/auth/src/sockets/handshake.ts: sent.slice(7) === token': 'both of one request',
  'libs/auth/src/sockets/socket-session.ts: token === this.token': 'both of one connection',
  'libs/dev-idp/src/state/state-adapter.ts: payload.userCode === userCode': 'a look-up among many, for one machine',
  'libs/sdk/src/api-client.ts: replacement === token': "one's own",
  'libs/sdk/src/credential-store.ts: current.token === old.token': "one's own",
  'libs/sdk/src/credential-store.ts: dead.includes(refreshToken)': "one's own",
  'libs/sdk/src/stored-token-source.ts: current.token !== unwanted': "one's own",
  'libs/sdk/src/stored-token-source.ts: credentials.token !== used.token': "one's own",
  'libs/sdk/src/stored-token-source.ts: credentials.refreshToken !== used.refreshToken': "one's own",
  'libs/sdk/src/workload-token-source.ts: this.held.token !== refused': "one's own",
};

describe('secrets are compared in constant time', () => {
  it('in every source file', () => {
    const found = secretComparisons(sourceFiles()).map((line) => line.replace(/:\d+:/, ':'));
    expect(found.filter((line) => !Object.hasOwn(harmless, line))).toEqual([]);
    expect(Object.keys(harmless).filter((line) => !found.includes(line))).toEqual([]);
  });

  it.each([
    'if (sent === secret) pass();',
    'if (this.clientSecret !== body.client_secret) refuse();',
    "const isSame = form.get('password') == expected;",
    'return account.password === password;',
    "return parameters.get('state') === attempt.state;",
    'return Buffer.from(sent).equals(this.#signature);',
    'return known.includes(refreshToken);',
    'return (header ?? given.token) === held;',
    "return fields['xsrf'] === made;",
  ])('which finds %s', (text) => {
    expect(secretComparisons([{ path: 'src/door.ts', text: `\n${text}\n` }])).toEqual([
      expect.stringMatching(/^src\/door\.ts:2: /),
    ]);
  });

  it.each([
    'if (token === undefined) refuse();',
    "if (typeof secret !== 'string') refuse();",
    "if (this.token === '') refuse();",
    'return timingSafeEqual(sha256(sent), this.secret);',
    'if (token.length > MAX_TOKEN_LENGTH) refuse();',
    'return a.length === b.length && timingSafeEqual(a, b);',
    "return token.includes('.');",
    'return state.verdict === verdict;',
  ])('which lets pass %s', (text) => {
    expect(secretComparisons([{ path: 'src/door.ts', text }])).toEqual([]);
  });
});

function sourceFiles(): { path: string; text: string }[] {
  const folders = ['src', ...readdirSync(join(root, 'libs')).map((name) => `libs/${name}/src`)];
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { withFileTypes: true, recursive: true }))
    .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !file.includes(`${sep}testing${sep}`))
    .map((file) => ({ path: relative(root, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }));
}
