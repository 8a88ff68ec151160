import { expect } from '@jest/globals';
import type { CommandLine, CommandResult } from '../../support/command-line.js';
import type { Row } from '../prove.js';

const password = 'a-Secret-Passw0rd';

/** Comes back to the program like a browser, as often as there are answers. */
async function browserLogin(
  line: CommandLine,
  answers: (state: string) => readonly Record<string, string>[],
): Promise<CommandResult> {
  line.platform.discovers({ authorization_endpoint: 'https://idp.example.com/authorize' });
  line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now() }));
  const openBrowser = async (url: string): Promise<void> => {
    const { searchParams } = new URL(url);
    const back = searchParams.get('redirect_uri') ?? '';
    expect(new URL(back).hostname).toBe('127.0.0.1');
    for (const answer of answers(searchParams.get('state') ?? '')) {
      await fetch(`${back}?${String(new URLSearchParams(answer))}`).catch(() => undefined);
    }
  };
  return line.run(['auth', 'login', '--browser', '--base-url', line.platform.url], { openBrowser });
}

/** The other ways in: password, browser, and what comes with them. */
export const signInRows: readonly Row[] = [
  {
    id: 'L09',
    what: 'a password works with a warning, and is in no output',
    prove: async (line) => {
      line.idp.http.on('POST /token', [
        line.idp.error('invalid_grant', { error_description: `${password} is wrong` }),
        line.idp.tokens({ now: line.clock.now() }),
      ]);
      const args = ['auth', 'login', '--verbose', '--base-url', line.platform.url, '--username', 'alice'];
      const refused = await line.run([...args, '--password', password]);
      const accepted = await line.run([...args, '--password-stdin'], { readInput: () => Promise.resolve(password) });
      expect([refused.exitCode, accepted.exitCode]).toEqual([1, 0]);
      for (const { stdout, stderr } of [refused, accepted]) {
        expect(stderr).toContain('Warning: the password grant');
        expect(stdout + stderr).not.toContain(password);
      }
      expect(await line.config.read()).not.toContain(password);
    },
  },
  {
    id: 'L09',
    what: 'a password is asked for without showing it',
    prove: async (line) => {
      line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now() }));
      const args = ['auth', 'login', '--base-url', line.platform.url, '--username', 'alice'];
      expect((await line.run(args, { isInteractive: true })).exitCode).toBe(0);
      expect(line.prompts).toHaveLength(1);
      expect(line.idp.tokenRequests[0]?.password).toBe('prompted-password');
    },
  },
  {
    id: 'L10',
    what: 'a refresh token goes to the issuer it came from alone, and to its address alone',
    prove: async (line) => {
      line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now() }));
      await line.run(['auth', 'login', '--base-url', line.platform.url, '--username', 'a', '--password', 'b']);
      for (const other of [{ issuer: 'https://evil.example' }, { token_endpoint: 'https://evil.example/token' }]) {
        line.platform.discovers(other);
        expect(await line.run(['auth', 'refresh'])).toMatchObject({
          exitCode: 1,
          stderr: expect.stringMatching(/now (uses another identity provider|names another address).*nemo auth login/),
        });
      }
      expect(line.idp.tokenRequests).toHaveLength(1);
      line.platform.discovers({});
      expect((await line.run(['auth', 'refresh'])).exitCode).toBe(0);
    },
  },
  {
    id: 'L26',
    what: 'answers without the state, or with another, are none; the right one is taken once',
    prove: async (line) => {
      const { exitCode } = await browserLogin(line, (state) => [
        { code: 'none', state: '' },
        { code: 'other', state: 'other' },
        { code: 'right', state },
        { code: 'second', state },
      ]);
      expect(exitCode).toBe(0);
      expect(line.idp.tokenRequests.map(({ code }) => code)).toEqual(['right']);
    },
  },
  {
    id: 'L26',
    what: 'an answer of another issuer is refused, and a way back that is not this machine',
    prove: async (line) => {
      const evil = await browserLogin(line, (state) => [{ code: 'c', state, iss: 'https://evil.example' }]);
      expect(evil.exitCode).not.toBe(0);
      expect(line.idp.tokenRequests).toEqual([]);
      const args = ['auth', 'login', '--browser', '--redirect-uri', 'https://evil.example/', '--base-url'];
      expect((await line.run([...args, line.platform.url])).exitCode).toBe(1);
      expect((await browserLogin(line, (state) => [{ code: 'c', state, iss: line.idp.issuer }])).exitCode).toBe(0);
    },
  },
  {
    id: 'L27',
    what: 'an ID token is neither needed, nor believed, nor kept',
    prove: async (line) => {
      const now = line.clock.now();
      const forged = line.idp.accessToken({ now, claims: { email: 'mallory@example.com', nonce: 'n' } });
      line.idp.http.on('POST /token', [
        line.idp.tokens({ now }, { id_token: forged }),
        { json: { id_token: forged, token_type: 'Bearer' } },
      ]);
      const args = ['auth', 'login', '--base-url', line.platform.url, '--username', 'a', '--password', 'b'];
      const signedIn = await line.run(args);
      expect(signedIn.stderr).toContain('as alice@example.com');
      const before = await line.config.read();
      expect(before).not.toContain(forged);
      expect((await line.run(args)).exitCode).not.toBe(0);
      expect(await line.config.read()).toBe(before);
    },
  },
];
