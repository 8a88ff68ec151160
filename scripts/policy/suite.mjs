import { succeed } from '../process/succeed.mjs';
import { artefactProblems, isCommitted, policyDirectory } from './artefact.mjs';
import { opaVersion, runOpa } from './opa.mjs';

/**
 * Proves that the committed policy is what its sources compile to, and that these pass their tests. Without Open Policy
 * Agent only the recorded hashes are looked at.
 *
 * @param {import('../process/tally.mjs').Tally} tally
 * @param {Awaited<ReturnType<typeof import('./opa.mjs').findOpa>>} found
 */
export async function policySuite(tally, { opa, problem }) {
  await tally.run('the committed policy fits its hashes and its sources', async () => {
    const problems = artefactProblems();
    if (problems.length > 0) throw new Error(`${problems.join('\n')}\nRun: npm run policy:build`);
  });
  if (problem) {
    tally.unavailable(`Open Policy Agent ${opaVersion}`, problem);
    return;
  }
  // Loads a dependency, so not before it is certain that it is there.
  const { compileCommitted } = await import('./compile.mjs');
  await tally.run('the sources of the policy are formatted and strict', () => lintPolicy(opa));
  await tally.run('the tests of the policy pass', () => testPolicy(opa));
  await tally.run('the sources compile to the committed policy', async () => {
    if (!isCommitted(await compileCommitted(opa))) throw new Error('other bytes. Run: npm run policy:build');
  });
}

/** @throws {Error} with the files and what is wrong with them */
export async function lintPolicy(opa) {
  await succeed(runOpa(opa, ['fmt', '--list', '--fail', '.'], policyDirectory));
  await succeed(runOpa(opa, ['check', '--strict', '.'], policyDirectory));
}

/** @throws {Error} with the tests that fail */
export async function testPolicy(opa) {
  await succeed(runOpa(opa, ['test', '.'], policyDirectory));
}
