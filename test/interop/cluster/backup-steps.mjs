import { deepEqual, equal } from 'node:assert/strict';
import { join } from 'node:path';
import { runCommand } from '../../../scripts/process/run-command.mjs';
import { succeed } from '../../../scripts/process/succeed.mjs';

const keySet = '/apis/auth/jwks';
const authenticate = '/apis/auth/authenticate';

/**
 * A backup that was made while all instances worked, restored into another database: an instance on it knows what they knew.
 *
 * @param {import('./fleet.mjs').Fleet} fleet
 * @param {{ bin: string, databaseUrl: string, directory: string, dialogue: import('./dialogue.mjs').Dialogue }} place
 */
export async function restoreBackup(fleet, { bin, databaseUrl, directory, dialogue }) {
  const [first] = fleet.instances;
  const alice = await fleet.person('alice');
  const order = { name: 'backup', scopes: ['platform:read'] };
  const made = await first.request('/apis/auth/v2/access-keys', { ...alice, method: 'POST', body: order });
  equal(made.status, 201, made.text);
  const file = join(directory, 'backup');
  const run = (program, args) => succeed(runCommand(join(bin, program), args, { capture: true }));
  await run('pg_dump', ['--format=custom', `--file=${file}`, databaseUrl]);
  const restoredUrl = databaseUrl.replace(/[^/]+$/, 'restored');
  await run('createdb', [`--maintenance-db=${databaseUrl}`, 'restored']);
  await run('pg_restore', ['--exit-on-error', `--dbname=${restoredUrl}`, file]);
  const restored = await fleet.another('restored', { databaseUrl: restoredUrl });
  try {
    await restored.start();
    await dialogue.requireGiven({ instances: [restored] });
    deepEqual((await restored.request(keySet)).body, (await first.request(keySet)).body);
    equal((await restored.request(authenticate, { token: made.body.access_key })).status, 200);
  } finally {
    await restored.stop();
  }
}
