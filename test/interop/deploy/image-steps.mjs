import { deepEqual, equal, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../scripts/process/run-command.mjs';
import { ServerProcess } from '../../../scripts/process/server-process.mjs';
import { succeed } from '../../../scripts/process/succeed.mjs';
import { freePort } from '../../../scripts/quickstart/ports.mjs';
import { Image } from './image.mjs';
import { sandboxProblem } from './sandbox.mjs';

const megabyte = 1_024 * 1_024;
const needless = ['node_modules/typescript', 'node_modules/jest', 'libs/auth/src', 'libs/cli', 'src', 'scripts'];

/**
 * Builds what the Dockerfile says, runs it as it says, and asks it.
 *
 * @param {{ tally: import('../../../scripts/process/tally.mjs').Tally, directory: string }} place
 */
export async function imageSteps({ tally, directory }) {
  console.log('\nThe image, without an engine');
  const problem = sandboxProblem();
  if (problem !== undefined) return tally.unavailable('the image', problem);
  const image = await tally.run('the Dockerfile builds', () => Image.build(directory));
  if (image === undefined) return undefined;
  await tally.run('there is nothing in it but what runs', async () => {
    deepEqual(
      needless.filter((name) => existsSync(join(image.folder, 'app', name))),
      [],
    );
    const size = Number(
      (await succeed(runCommand('du', ['-sb', join(image.folder, 'app')], { capture: true }))).split('\t')[0],
    );
    console.log(`                        ${Math.round(size / megabyte)} MB beside those of the base image`);
  });
  await tryRunning({ tally, image, directory });
  return undefined;
}

async function tryRunning({ tally, image, directory }) {
  const { TestIssuer } = await import('@nmp/auth/testing');
  const issuer = await TestIssuer.start({ audience: 'nmp-platform' });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(directory, 'platform.log');
  const settings = {
    NMP_SERVER_HOST: '127.0.0.1',
    NMP_SERVER_PORT: String(port),
    NMP_AUTH_OIDC__ISSUER: issuer.issuer,
    NMP_AUTH_OIDC__CLIENT_ID: 'nmp-cli',
    NMP_AUTH_OIDC__AUDIENCE: 'nmp-platform',
  };
  const start = () =>
    ServerProcess.start({
      ...image.run(image.settings.command, settings),
      logFile,
      readyUrl: `${url}/health/ready`,
      readyWithinMs: 120_000,
    });
  let server;
  try {
    server = await tally.run('it starts as the user of the image, with nothing to write to but its volume', start);
    if (server === undefined) return;
    await tally.run('it identifies a caller', async () => {
      const authorization = `Bearer ${await issuer.accessToken({ subject: 'alice' })}`;
      const answer = await fetch(`${url}/apis/auth/v2/whoami`, { headers: { authorization } });
      deepEqual([answer.status, (await answer.json()).principal?.id], [200, 'alice']);
    });
    await tally.run('it runs as nobody in particular', () => {
      const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
      deepEqual(/^Uid:\t(.*)$/m.exec(status)?.[1].split('\t'), ['1000', '1000', '1000', '1000']);
      equal(/^CapEff:\t(\w+)$/m.exec(status)?.[1], '0000000000000000');
    });
    await tally.run('its own check finds it well', () => checked(image, settings, 0));
    await tally.run('it ends by SIGTERM', async () => {
      await server.stop();
      ok(readFileSync(logFile, 'utf8').includes('Stopped'));
    });
    await tally.run('then its own check finds it ill', () => checked(image, settings, 1));
    server = await tally.run('it starts again with what it has kept', start);
  } finally {
    await server?.stop();
    await issuer.close();
  }
}

async function checked(image, settings, expected) {
  const { command, args } = image.run(image.settings.healthCheck, settings);
  const { code, output } = await runCommand(command, args, { capture: true });
  equal(code, expected, output);
}
