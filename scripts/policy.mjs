// The policy in `policy/`: `npm run policy:build` compiles it, `npm run policy:check` proves that what is committed is
// what its sources compile to. The check looks at the hashes alone where Open Policy Agent cannot be had.
import { ensureInstalled } from './ensure-installed.mjs';
import { writeArtefact } from './policy/artefact.mjs';
import { findOpa, opaVersion } from './policy/opa.mjs';
import { lintPolicy, policySuite, testPolicy } from './policy/suite.mjs';
import { Tally } from './process/tally.mjs';

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
  await lintPolicy(opa);
  await testPolicy(opa);
  // Loads a dependency, so not before it is certain that it is there.
  const { compileCommitted } = await import('./policy/compile.mjs');
  writeArtefact(await compileCommitted(opa));
  console.error('wrote policy/authz.wasm');
}

async function checkPolicy() {
  const tally = new Tally();
  await policySuite(tally, await findOpa());
  tally.close();
}
