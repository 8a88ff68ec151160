import { expect } from '@jest/globals';
import type { World } from '@nmp/cli';
import { FakeClock } from '../../../../sdk/test/support/fake-clock.js';
import type { KeychainBehaviour } from '../../../../sdk/test/support/fake-keychain.js';
import { FakeKeychain } from '../../../../sdk/test/support/fake-keychain.js';
import { StandingClock } from '../../../../sdk/test/support/standing-clock.js';
import type { CommandLine } from '../../support/command-line.js';
import type { Row } from '../prove.js';

// It stands still: programs answer in time.
const inTime = new StandingClock();

/** The keychain of the operating system. */
export const keychainRows: readonly Row[] = [
  {
    id: 'L15',
    what: 'tokens go to the keychain when that is wanted, and into no file',
    prove: (line) =>
      withKeychain(async (keychain, env) => {
        const { exitCode, stderr } = await signIn(line, env);
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.not.stringContaining('Warning: The tok') });
        expect(await keychain.accounts()).toHaveLength(1);
        expect(await line.config.read()).not.toMatch(/eyJ|refresh-/);
        expect((await line.run(['auth', 'token'], { env, clock: inTime })).stdout).toMatch(/^eyJ.+\n$/);
      }),
  },
  ...row('a keyring without a daemon', 'fails', /Cannot autolaunch D-Bus.* Start a keyring/),
  ...row('a keyring that blocks', 'hangs', /did not answer within 3 s\. Unlock the keychain/),
  ...row('a keyring that gives back something else', 'garbage', /did not keep what was stored/),
  ...row('a keyring that cuts what is large', 'cuts', /did not keep what was stored/),
  {
    id: 'L15',
    what: 'without a program for it, the tokens are in the file and the person is told',
    prove: (line) =>
      withKeychain(async (keychain, env) => {
        await keychain.uninstall();
        await fallsBack(line, env, /is not installed/);
      }),
  },
  {
    id: 'L15',
    what: 'a keyring that blocks later is told, with the way out, and keeps nobody from signing out',
    prove: (line) =>
      withKeychain(async (keychain, env) => {
        await signIn(line, env);
        await keychain.will('hangs');
        const clock = new FakeClock();
        expect(await line.run(['auth', 'token'], { env, clock })).toMatchObject({
          exitCode: 1,
          stdout: '',
          stderr: expect.stringMatching(/did not answer within 3 s.*nemo config set --token-store file/),
        });
        expect((await line.run(['auth', 'logout'], { env, clock })).exitCode).toBe(0);
        expect(await line.config.read()).not.toContain('keychain_item');
      }),
  },
];

function row(what: string, behaviour: KeychainBehaviour, told: RegExp): Row[] {
  const prove = (line: CommandLine) =>
    withKeychain(async (keychain, env) => {
      await keychain.will(behaviour);
      await fallsBack(line, env, told, behaviour === 'hangs');
    });
  return [{ id: 'L15', what: `${what} leaves the tokens to the file, and the person is told`, prove }];
}

async function fallsBack(line: CommandLine, env: Environment, told: RegExp, hangs = false): Promise<void> {
  const { exitCode, stderr } = await signIn(line, env, hangs ? new FakeClock() : inTime);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(told);
  expect(stderr.match(/Warning: The tokens are kept in/g)).toHaveLength(1);
  expect(await line.config.read()).toMatch(/token: eyJ/);
  expect(await line.run(['auth', 'token'], { env, clock: inTime })).toMatchObject({
    exitCode: 0,
    stderr: '',
    stdout: expect.stringMatching(/^eyJ/),
  });
}

type Environment = Record<string, string>;

async function withKeychain(prove: (keychain: FakeKeychain, env: Environment) => Promise<void>): Promise<void> {
  const keychain = await FakeKeychain.create();
  try {
    await prove(keychain, { ...keychain.env, NMP_TOKEN_STORE: 'keychain' });
  } finally {
    await keychain.remove();
  }
}

function signIn(line: CommandLine, env: Environment, clock: World['clock'] = inTime) {
  line.idp.http.on('POST /token', () => line.idp.tokens({ now: line.clock.now() }, { refresh_token: 'refresh-1' }));
  const args = ['auth', 'login', '--base-url', line.platform.url, '--username', 'alice', '--password', 'pw'];
  return line.run(args, { env, clock });
}
