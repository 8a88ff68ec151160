import { tasks } from '../../scripts/tasks.mjs';

/**
 * Types what README.md and the guides say into a shell, beside a running quickstart, and compares what is printed.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally }} world
 */
export async function guidesSuite({ tally }) {
  console.log('\nREADME.md and the guides, typed into a shell');
  await tally.run('every command does what its page says', async () => {
    process.env.NMP_TEST_GUIDES = 'all';
    const code = await tasks.jest(['--selectProjects', 'guides']);
    delete process.env.NMP_TEST_GUIDES;
    if (code !== 0) throw new Error('see above');
  });
}
