import type { AuthorityFinder, Clock } from '@nmp/sdk';

/** Where text goes. */
export interface TextOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** Everything outside the program. `main` brings the real one, tests bring their own. */
export interface World {
  /** The name the program was called by. */
  readonly programName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  /** For data. */
  readonly stdout: TextOutput;
  /** For talk. */
  readonly stderr: TextOutput;
  /** Whether a person can be asked something. */
  readonly isInteractive: boolean;
  readonly clock: Clock;
  /** Ends what is under way; its reason is an {@link Interruption}. */
  readonly signal: AbortSignal;
  /** How servers are reached, with whom to trust beside the usual certificate authorities. */
  fetchTrusting(findAuthority: AuthorityFinder): typeof fetch;
  /** Fails when no browser can be started. */
  openBrowser(url: string): Promise<void>;
  /** Calls back some times a second, until the function that it returns is called. */
  everyTick(tick: () => void): () => void;
  /** Everything that comes from stdin. */
  readInput(): Promise<string>;
  /** Asks for a secret without showing it. */
  promptSecret(message: string): Promise<string>;
  /** What to do when the data that comes now cannot be written, where that is not to try again. */
  adviseOnLoss?(advice: string): void;
}

/** Somebody stopped the program. */
export class Interruption extends Error {
  /** @param exitCode 128 and the number of the signal, as shells have it. */
  constructor(readonly exitCode: number) {
    super('Interrupted');
  }
}
