import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import fc from 'fast-check';

// Whoever asks for more inputs waits for them.
if (process.env.NMP_FUZZ_RUNS !== undefined) jest.setTimeout(2 ** 31 - 1);

/** What holds for every input, however wrong it is; throws where it does not. Inputs are what JSON can write. */
export interface FuzzTarget<Input> {
  /** The name of the corpus: `corpus/<name>.json` has inputs that are tried first. */
  readonly name: string;
  readonly inputs: fc.Arbitrary<Input>;
  readonly holds: (input: Input) => void | Promise<void>;
  /** How many inputs are tried where `NMP_FUZZ_RUNS` does not say. */
  readonly runs: number;
}

/**
 * Tries the kept inputs and then new ones. `NMP_FUZZ_RUNS` says how many, `NMP_FUZZ_SEED` repeats those of an earlier run.
 * @throws {Error} naming the smallest input that was found to fail, as a line for the corpus.
 */
export async function fuzz<Input>({ name, inputs, holds, runs }: FuzzTarget<Input>): Promise<void> {
  const seed = numberOf('NMP_FUZZ_SEED') ?? randomInt(2 ** 31);
  const kept = corpusOf<Input>(name);
  const numRuns = kept.length + (numberOf('NMP_FUZZ_RUNS') ?? runs);
  process.stdout.write(`fuzz ${name}: ${kept.length} kept, ${numRuns} in all, seed ${seed}\n`);
  const examples = kept.map((input): [Input] => [input]);
  const details = await fc.check(
    fc.asyncProperty(inputs, async (input) => holds(input)),
    { seed, numRuns, examples },
  );
  if (!details.failed) return;
  const [input] = details.counterexample ?? [];
  const cause = details.errorInstance;
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new Error(
    `${name} with seed ${seed}: ${why}\nTo keep in test/fuzz/corpus/${name}.json: ${JSON.stringify(input)}`,
    {
      cause,
    },
  );
}

function corpusOf<Input>(name: string): Input[] {
  const file = join(import.meta.dirname, 'corpus', `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Input[]) : []; // written from inputs of this target
}

function numberOf(variable: string): number | undefined {
  const text = process.env[variable];
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`${variable} must be a number, not "${text}"`);
  return Number(text);
}
