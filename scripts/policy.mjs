// The policy in `policy/`: `npm run policy:build` compiles it, `npm run policy:check` proves that what is committed is
// what its sources compile to. The check looks at the hashes alone where Open Policy Agent cannot be had.
import { ensureInstalled } from './ensure-installed.mjs';
import { Tally } from './process/tally.mjs';
import { succeed } from './process/succeed.mjs';
import { artefactProblems, isCommitted, policyDirectory, policySources, writeArtefact } from './policy/artefact.mjs';
import { findOpa, opaVersion, runOpa } from './policy/opa.mjs';

const commands = { build: buildPolicy, check: checkPolicy };
const [name = ''] = process.argv.slice(2);

try {
  if (!Object.hasOwn(commands, name)) throw new Error(`unknown command "${name}"; known: build, check`);
  await ensureInstalled();
  await commands[name]();
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}

async function buildPolicy() {
  const { opa, problem } = await findOpa();
  if (problem) throw new Error(`Open Policy Agent ${opaVersion} cannot be had: ${problem}`);
  await lint(opa);
  await test(opa);
  writeArtefact(await compile(opa));
  console.error('wrote policy/authz.wasm');
}

async function checkPolicy() {
  const tally = new Tally();
  await tally.run('the committed policy fits its hashes and its sources', () => {
    const problems = artefactProblems();
    if (problems.length > 0) throw new Error(`${problems.join('\n')}\nRun: npm run policy:build`);
  });
  const { opa, problem } = await findOpa();
  if (problem) {
    tally.unavailable(`Open Policy Agent ${opaVersion}`, problem);
  } else {
    await tally.run('the sources are formatted and strict', () => lint(opa));
    await tally.run('the tests of the policy', () => test(opa));
    await tally.run('the sources compile to the committed policy', async () => {
      if (!isCommitted(await compile(opa))) throw new Error('other bytes. Run: npm run policy:build');
    });
  }
  tally.close();
}

async function lint(opa) {
  await succeed(runOpa(opa, ['fmt', '--list', '--fail', '.'], policyDirectory));
  await succeed(runOpa(opa, ['check', '--strict', '.'], policyDirectory));
}

async function test(opa) {
  await succeed(runOpa(opa, ['test', '.'], policyDirectory));
}

async function compile(opa) {
  // Loads a dependency, so not before it is certain that it is there.
  const { compilePolicy, entrypoints } = await import('./policy/compile.mjs');
  return compilePolicy(opa, { directory: policyDirectory, sources: policySources(), entrypoints });
}
