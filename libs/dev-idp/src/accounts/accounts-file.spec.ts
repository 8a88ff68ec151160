import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { builtInAccounts } from './account.js';
import { parseAccountsFile } from './accounts-file.js';

function problemsOf(text: string): string {
  try {
    parseAccountsFile(text, 'accounts.yaml');
  } catch (error) {
    return String(error);
  }
  return 'none';
}

describe('accounts file', () => {
  it('reads accounts and clients', () => {
    const { accounts, clients } = parseAccountsFile(
      `
accounts:
  - email: bob@example.com
    password: bob-password
    name: Bob
    groups: [team-a, team-b]
    email_verified: false
    subject: bob-1
clients:
  - client_id: web
    client_secret: web-secret
    name: The web
    grants: [authorization_code, refresh_token]
    redirect_uris: [https://web.example/callback]
    scopes: [openid, 'platform:read']
`,
      'accounts.yaml',
    );
    expect(accounts).toEqual([
      {
        email: 'bob@example.com',
        password: 'bob-password',
        name: 'Bob',
        groups: ['team-a', 'team-b'],
        emailVerified: false,
        subject: 'bob-1',
      },
    ]);
    expect(clients).toEqual([
      {
        clientId: 'web',
        clientSecret: 'web-secret',
        name: 'The web',
        grants: ['authorization_code', 'refresh_token'],
        redirectUris: ['https://web.example/callback'],
        scopes: ['openid', 'platform:read'],
      },
    ]);
  });

  it('reads the example that comes with the package', async () => {
    const path = new URL('../../accounts.example.yaml', import.meta.url);
    const { accounts, clients } = parseAccountsFile(await readFile(path, 'utf8'), 'accounts.example.yaml');
    expect(accounts.map(({ email }) => email)).toEqual(['carol@example.com', 'dave@example.com']);
    expect(clients.map(({ clientId }) => clientId)).toEqual(['nightly-build']);
  });

  it('keeps the built-in accounts when it names none', () => {
    expect(parseAccountsFile('clients: []', 'accounts.yaml').accounts).toBe(builtInAccounts);
    expect(parseAccountsFile('', 'accounts.yaml').accounts).toBe(builtInAccounts);
  });

  it('names every problem at once, with its path', () => {
    const problems = problemsOf(`
accounts:
  - email: not-an-address
    password: ''
    colour: red
  - email: a@example.com
    groups: team
    email_verified: sometimes
  - email: a@example.com
    password: x
  - just text
clients:
  - client_id: c
    grants: [magic]
    scopes: ['everything:read']
extra: 1
`);
    for (const problem of [
      'accounts[0].email must be an e-mail address',
      'accounts[0].password must be a non-empty text',
      'accounts[0].colour is not a known key',
      'accounts[1].password is missing',
      'accounts[1].groups must be a list',
      'accounts[1].email_verified must be true or false',
      'accounts[2].email repeats accounts[1].email',
      'accounts[3] must be a mapping',
      'clients[0].grants[0] must be one of authorization_code, ',
      'clients[0].scopes[0] must be one of openid, ',
      'extra is not a known key',
    ]) {
      expect(problems).toContain(problem);
    }
    expect(problems).not.toContain('\n');
  });

  it.each([
    ['a list', '- a', 'the file must be a mapping'],
    ['broken YAML', 'accounts: [', 'is not valid YAML'],
    ['an alias of nothing', 'a: &a [x]\nb: *c', 'is not valid YAML'],
  ])('refuses %s', (_what, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });
});
