import { runNode } from '../process/run-node.mjs';

const interrupted = 130;

/**
 * Runs parts one after another, also when one fails, and shows what each writes: as it comes, or afterwards where it ran
 * beside another. Ends early only when it is interrupted.
 *
 * @param {readonly import('./run-parts.mjs').Part[]} parts
 * @param {(line: string) => void} say what stands above the output of a part
 * @returns {Promise<import('./run-parts.mjs').Outcome[]>}
 */
export async function runParts(parts, say) {
  const outcomes = [];
  for (const part of parts) {
    say(part.name);
    const besides = inTurn(part.beside ?? []);
    const outcome = await run(part, true);
    outcomes.push(outcome);
    for (const { outcome: beside, output } of await besides) {
      say(beside.name);
      process.stdout.write(output);
      outcomes.push(beside);
    }
    if (outcome.code === interrupted) break;
  }
  return outcomes;
}

/**
 * How many tests passed and failed, by the last line that says `N passed, M failed`; a part without one counts as one test.
 *
 * @param {string} output
 * @param {number} code the exit code
 */
export function countsOf(output, code) {
  const [, passed, failed] = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1) ?? [];
  if (passed === undefined) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  // A failure that no test stands for, such as a linter's.
  const untold = code !== 0 && failed === '0' ? 1 : 0;
  return { passed: Number(passed), failed: Number(failed) + untold };
}

/**
 * A table of what became of the parts, and below it the sum, in the form in which each of them tells its own.
 *
 * @param {readonly import('./run-parts.mjs').Outcome[]} outcomes
 */
export function tableOf(outcomes) {
  const rows = outcomes.map(({ name, passed, failed, seconds }) => [
    failed === 0 ? 'ok' : 'FAILED',
    name,
    `${passed} passed`,
    `${failed} failed`,
    `${Math.round(seconds)} s`,
  ]);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column].length))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  const sum = (member) => outcomes.reduce((total, outcome) => total + outcome[member], 0);
  return `${lines.join('\n')}\n\n${sum('passed')} passed, ${sum('failed')} failed`;
}

async function inTurn(parts) {
  const done = [];
  for (const part of parts) {
    let output = '';
    const outcome = await run(part, false, (written) => (output = written));
    done.push({ outcome, output });
  }
  return done;
}

async function run({ name, args, env }, show, written = () => {}) {
  const startedAt = performance.now();
  const { code, output } = await runNode(args, { capture: true, show, env: { ...process.env, ...env } });
  written(output);
  return { name, code, ...countsOf(output, code), seconds: (performance.now() - startedAt) / 1000 };
}
