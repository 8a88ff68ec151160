import { tasks } from '../../scripts/tasks.mjs';
import { findPostgres, PostgresServer } from './postgres-server.mjs';

/** What is tested on the embedded database as well; others start processes with a data directory of their own. */
const suites = [
  'test/platform-(access|authenticate|bodies|bundle|decisions|gateway|hop-tokens|killed|members|projects|role-bindings|services|token-exchange|workspaces)',
  'test/interop/',
];

/**
 * The platform on a real PostgreSQL server: the same suites as on the embedded database, and several instances at once.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally }} world
 */
export async function postgresSuite({ tally }) {
  console.log('\nThe platform on PostgreSQL');
  const { bin, problem } = findPostgres();
  if (problem) {
    tally.unavailable('PostgreSQL', problem);
    return;
  }
  const server = await tally.run('PostgreSQL starts', () => PostgresServer.start(bin));
  if (server === undefined) return;
  process.env.NMP_TEST_DATABASE_URL = server.url;
  try {
    await tally.run('the suites of the platform, and of several instances', async () => {
      const code = await tasks.jest(['--selectProjects', 'e2e', 'postgres', '--', ...suites]);
      if (code !== 0) throw new Error('see above');
    });
  } finally {
    delete process.env.NMP_TEST_DATABASE_URL;
    await server.stop();
  }
}
