import { printable } from '@nmp/sdk';
import type { CommandContext } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { printData } from '../output/print.js';
import { calledBy } from '../program-name.js';
import type { Finding } from './finding.js';

/** Prints what was found: to a person in sentences, to programs as data. */
export async function printFindings(context: CommandContext, findings: readonly Finding[]): Promise<void> {
  if (context.format === 'table') {
    const { programName, stdout } = context.world;
    stdout.write(calledBy(programName, findings.map(paragraphOf).join('')));
    return;
  }
  const data = { sign_in_will_work: exitCodeOf(findings) === exitCodes.success, findings: findings.map(plainOf) };
  await printData(context, data, () => ({
    head: ['Level', 'Check', 'Message', 'Advice', 'Config'],
    rows: findings.map(({ level, check, message, advice = '', config = '' }) => [
      level,
      check,
      message,
      advice,
      config,
    ]),
  }));
}

/** What it all comes to, in a sentence. */
export function verdictOf(findings: readonly Finding[]): string {
  const problems = findings.filter(({ level }) => level === 'problem');
  if (problems.some(({ isOutage }) => !isOutage)) return `Signing in will not work: ${problems.length} problem(s).`;
  if (problems.length > 0) return 'Not everybody who has a part in signing in answers: try again later.';
  const isSpoilt = findings.some(({ isOfOneToken }) => isOfOneToken);
  return isSpoilt ? 'Signing in will work. The present sign-in is no good.' : 'Signing in will work.';
}

/** Success only when signing in will work. When all that is wrong is that servers did not answer, the fault is theirs. */
export function exitCodeOf(findings: readonly Finding[]): number {
  const problems = findings.filter(({ level }) => level === 'problem');
  if (problems.length === 0) return exitCodes.success;
  return problems.every(({ isOutage }) => isOutage) ? exitCodes.remote : exitCodes.local;
}

function paragraphOf({ level, check, message, advice, config }: Finding): string {
  const lines = [
    `${level.padEnd(7)}  ${check}: ${printable(message, 2000)}`,
    ...(advice === undefined ? [] : [`${' '.repeat(9)}To do: ${printable(advice, 2000)}`]),
    ...(config === undefined ? [] : [`${' '.repeat(9)}Configuration: ${printable(config, 2000)}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function plainOf({ level, check, message, advice, config }: Finding) {
  return { level, check, message, advice: advice ?? null, config: config ?? null };
}
