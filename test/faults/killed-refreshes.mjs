import { equal } from 'node:assert/strict';
import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nemo } from '../../scripts/quickstart/nemo.mjs';
import { FaultyPlatform } from './faulty-platform.mjs';
import { inDirectory } from './in-directory.mjs';

const goldenRatio = 0.618_033_988_75;

/** The command line program is killed while it refreshes; the next command finds what it needs. */
export async function killedRefreshes({ isShort }) {
  const { builtInAccounts, DevIdp } = await import('../../libs/dev-idp/dist/index.js');
  const [account] = builtInAccounts;
  const idp = await DevIdp.start({ refreshReuseGraceSeconds: 3_600 });
  try {
    return await inDirectory(async (directory) => {
      const platform = await FaultyPlatform.start({
        directory,
        issuer: idp.issuer,
        env: { NMP_DATA_DIR: 'memory://' },
      });
      try {
        return await killAndGoOn({
          platform,
          account,
          configFile: join(directory, 'config.yaml'),
          rounds: isShort ? 6 : 40,
        });
      } finally {
        await platform.end('SIGKILL');
      }
    });
  } finally {
    await idp.close();
  }
}

async function killAndGoOn({ platform, account, configFile, rounds }) {
  const login = ['auth', 'login', '--base-url', platform.url, '--username', account.email, '--password-stdin'];
  await succeeds(nemo(login, { configFile, input: `${account.password}\n` }));
  const startedAt = performance.now();
  await succeeds(nemo(['auth', 'refresh'], { configFile }));
  const duration = performance.now() - startedAt;
  let killed = 0;
  for (let round = 0; round < rounds; round += 1) {
    let pid;
    const running = nemo(['auth', 'refresh'], { configFile, onPid: (id) => (pid = id) });
    // The first half of its time it is loaded.
    await sleep((0.4 + ((round * goldenRatio) % 1) * 0.6) * duration);
    kill(pid);
    if ((await running).code === null) killed += 1;
    letLocksAge(configFile);
    await succeeds(nemo(['workspaces', 'list'], { configFile }));
    await succeeds(nemo(['auth', 'refresh'], { configFile }));
  }
  return {
    saw: 'the command was killed; the next ones succeed',
    lasted: 'the command; others that wait for its lock go on after 10 s',
    recovered: `the configuration file and its locks, ${killed} times of ${rounds}`,
    lost: 'nothing where the provider takes a used refresh token for a moment; else, if it was used up, the next command says Run: nemo auth login',
  };
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // it was faster
  }
}

/** The lock of a dead process is recovered after ten seconds; here they are over at once. */
function letLocksAge(configFile) {
  const directory = join(configFile, '..');
  for (const name of readdirSync(directory).filter(
    (name) => name.startsWith('config.yaml') && name.endsWith('.lock'),
  )) {
    utimesSync(join(directory, name), 0, 0);
  }
}

async function succeeds(running) {
  const { code, stderr } = await running;
  equal(code, 0, stderr);
}
