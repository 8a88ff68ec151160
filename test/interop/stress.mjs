import { tasks } from '../../scripts/tasks.mjs';

const suites = ['libs/sdk/test/refresh-under-load', 'libs/sdk/test/refresh-killed', 'libs/sdk/src/config-file-writers'];

/**
 * Refreshes and writers of the configuration file under as much pressure as must hold: what `npm test` does with less.
 * `NMP_STRESS=short` leaves them at that.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally }} given
 */
export async function stressSuite({ tally }) {
  console.log('\nRefresh and configuration file under pressure');
  if (process.env.NMP_STRESS === 'short') {
    console.log(
      '  NMP_STRESS=short: `npm test` has run them with less; with full pressure they take a quarter of an hour',
    );
    return;
  }
  process.env.NMP_STRESS = 'full';
  await tally.run('one refresh for 50 processes, 200 killed refreshes, 300 interleavings of writers', async () => {
    const code = await tasks.jest(['--selectProjects', 'unit', '--runInBand', ...suites]);
    if (code !== 0) throw new Error('see above');
  });
}
