/** Something that must hold: a program of Node's, by its file and arguments. */
export interface Part {
  readonly name: string;
  readonly args: readonly string[];
  /** Variables beside those that are there. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it is tried by `npm run check -- --quick`. */
  readonly isQuick?: boolean;
  readonly beside?: readonly Part[];
}

/** What became of a part. */
export interface Outcome {
  readonly name: string;
  readonly code: number;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
}

export function runParts(parts: readonly Part[], say: (line: string) => void): Promise<Outcome[]>;
export function countsOf(output: string, code: number): { passed: number; failed: number };
export function tableOf(outcomes: readonly Outcome[]): string;
