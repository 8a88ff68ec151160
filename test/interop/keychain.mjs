import { deepEqual, doesNotMatch, equal, match, notEqual, rejects } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nemo } from '../../scripts/quickstart/nemo.mjs';
import { freePort } from '../../scripts/quickstart/ports.mjs';
import { Stack } from '../../scripts/quickstart/stack.mjs';
import { KeyringSession, keyringProblem } from './keyring-session.mjs';

const jwt = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;

/**
 * Tokens in a real keyring: sign-in, refresh by several processes, sign-out; and what becomes of them where there is none.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally }} given
 */
export async function keychainSuite({ tally }) {
  console.log('\nTokens in a keyring');
  const problem = keyringProblem();
  if (problem) {
    tally.unavailable('GNOME Keyring', problem);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'nmp-interop-keyring-'));
  let stack;
  let session;
  try {
    session = await tally.run('GNOME Keyring starts', () => KeyringSession.start(directory));
    if (session === undefined) return;
    const ports = { port: await freePort(), idpPort: await freePort() };
    stack = await Stack.start({ ...ports, dataDir: join(directory, 'platform') });
    const { builtInAccounts: accounts } = await import('../../libs/dev-idp/dist/index.js');
    await signedIn({ tally, session, stack, account: accounts[0], directory });
  } finally {
    await stack?.stop();
    await session?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function signedIn({ tally, session, stack, account, directory }) {
  const configFile = join(directory, 'config.yaml');
  const run = (args, { env = session.env, input } = {}) => nemo(args, { configFile, env, input });
  const login = (options) =>
    run(['auth', 'login', '--base-url', stack.platformUrl, '--username', account.email, '--password-stdin'], {
      input: account.password,
      ...options,
    });
  const file = () => readFileSync(configFile, 'utf8');
  const itemName = () => /keychain_item: (\S+)/.exec(file())?.[1];
  const lookup = (item) => session.run('secret-tool', 'lookup', 'service', 'nmp', 'account', item);
  const token = async (options) => (await run(['auth', 'token'], options)).stdout.trim();

  await tally.run('without a session the tokens are in the file, and the person is told', async () => {
    const env = { ...session.env, DBUS_SESSION_BUS_ADDRESS: '', NMP_TOKEN_STORE: 'keychain' };
    const { code, stderr } = await login({ env });
    equal(code, 0, stderr);
    match(stderr, /Warning: The tokens are kept in .* secret-tool failed: .* Start a keyring/);
    match(file(), jwt);
  });

  await tally.run('config set --token-store keychain moves them there, and no token is in the file', async () => {
    const before = await token();
    const { code, stderr } = await run(['config', 'set', '--token-store', 'keychain']);
    equal(code, 0, stderr);
    match(stderr, /Its tokens are in the OS keychain/);
    doesNotMatch(file(), jwt);
    match(await lookup(itemName()), new RegExp(`^nmp1:token=${before}&refresh_token=.+:$`));
    equal(await token(), before);
  });

  await tally.run('a sign-in goes there, too, and the old item is gone', async () => {
    const old = itemName();
    const { code, stderr } = await login();
    equal(code, 0, stderr);
    match(stderr, /the tokens are in the OS keychain/);
    notEqual(itemName(), old);
    await rejects(lookup(old));
    match(await token(), jwt);
    match((await run(['auth', 'status', '--check'])).stdout, /Credentials +keychain[^]*accepted as /);
  });

  await tally.run('three processes refresh at once; no item is in their way', async () => {
    const before = await token();
    const results = await Promise.all(Array.from({ length: 3 }, () => run(['auth', 'refresh'])));
    deepEqual(
      results.map(({ code, stderr }) => [code, /Warning|Error/.test(stderr)]),
      results.map(() => [0, false]),
    );
    const after = await token();
    notEqual(after, before);
    match(await lookup(itemName()), new RegExp(`token=${after}&`));
    doesNotMatch(file(), jwt);
  });

  await tally.run('a token that is too large for the keyring goes to the file whole', async () => {
    const large = 'x'.repeat(9_000);
    const { code, stderr } = await run(['config', 'set', '--access-token', '-'], { input: large });
    equal(code, 0, stderr);
    match(stderr, /did not keep what was stored, which may be too large/);
    equal(await token({ env: { ...session.env, NMP_ACCESS_TOKEN: '' } }), large);
    equal((await login()).code, 0);
  });

  await tally.run('signing out removes the item', async () => {
    const item = itemName();
    match((await run(['auth', 'logout'])).stderr, /the sign-in is revoked/);
    await rejects(lookup(item));
    equal(itemName(), undefined);
  });

  await tally.run('while it is locked, commands say so and end; signing out works', async () => {
    equal((await login()).code, 0);
    const item = itemName();
    await session.lock();
    const { code, stdout, stderr } = await run(['auth', 'token']);
    deepEqual([code, stdout], [1, '']);
    match(stderr, /The tokens are in the OS keychain, and it cannot be used: it is locked\. Unlock it, or /);
    const logout = await run(['auth', 'logout']);
    equal(logout.code, 0);
    match(logout.stderr, new RegExp(`run: secret-tool clear service nmp account ${item}`));
    equal(itemName(), undefined);
  });
}
