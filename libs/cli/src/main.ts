import { homedir } from 'node:os';
import { basename } from 'node:path';
import { addAbortSignal } from 'node:stream';
import type { AuthorityFinder } from '@nmp/sdk';
import { exitCodes } from './exit-codes.js';
import { outlastOutputs } from './outlast-outputs.js';
import { realClock } from './real-clock.js';
import { run } from './run.js';
import { UsageError } from './usage-error.js';
import type { World } from './world.js';
import { Interruption } from './world.js';

const names = new Set(['nemo', 'nmp']);
const maxInputBytes = 1_048_576;
const interruptionSignals = { SIGINT: exitCodes.interrupted, SIGTERM: 143, SIGHUP: 129 } as const;

/** Runs the program in the real world. The exit code is set, not forced, so that what was written gets out. */
export async function main(): Promise<void> {
  let isOutputLost = false;
  let advice = 'Send it somewhere else, then try again';
  outlastOutputs(process, () => {
    isOutputLost = true;
    process.exitCode = exitCodes.local;
    return advice;
  });
  const adviseOnLoss = (told: string): void => {
    advice = told;
  };
  const exitCode = await run(realWorld(adviseOnLoss), process.argv.slice(2));
  process.exitCode = isOutputLost ? exitCodes.local : exitCode;
}

function realWorld(adviseOnLoss: (advice: string) => void): World {
  const signal = interruptionSignal();
  const called = basename(process.argv[1] ?? '').replace(/\.[cm]?js$/, '');
  return {
    programName: names.has(called) ? called : 'nemo',
    env: process.env,
    homeDirectory: homedir(),
    stdout: process.stdout,
    stderr: process.stderr,
    get isInteractive() {
      return process.stdin.isTTY && process.stderr.isTTY; // most commands never open stdin
    },
    clock: realClock,
    fetchTrusting: lazyFetch,
    signal,
    readInput: () => readInput(signal),
    openBrowser: async (url) => {
      const { default: open } = await import('open');
      const child = await open(url);
      // Without a browser on the machine the launcher fails after it was started; the page's address is on the screen.
      child.on('error', () => undefined);
      child.unref();
    },
    promptSecret: (message) => promptSecret(message, signal),
    adviseOnLoss,
    everyTick: (tick) => {
      const timer = setInterval(tick, 80).unref();
      return () => clearInterval(timer);
    },
  };
}

/** The SDK's fetch, which is loaded by the first request. */
function lazyFetch(findAuthority: AuthorityFinder): typeof fetch {
  let loaded: Promise<typeof fetch> | undefined;
  return async (input, init) => {
    loaded ??= import('@nmp/sdk').then(({ environmentFetch }) => environmentFetch(process.env, findAuthority));
    return (await loaded)(input, init);
  };
}

/**
 * The first Ctrl-C ends whatever is under way; a refresh whose answer is on its way gets a moment, so that no token is lost.
 * The second one ends the program on the spot.
 */
function interruptionSignal(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, exitCode] of Object.entries(interruptionSignals)) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      controller.abort(new Interruption(exitCode));
    });
  }
  return controller.signal;
}

async function readInput(signal: AbortSignal): Promise<string> {
  addAbortSignal(signal, process.stdin);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxInputBytes) throw new UsageError('What comes from stdin is too long to be a secret or a token');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function promptSecret(message: string, signal: AbortSignal): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  try {
    return await password({ message }, { output: process.stderr, signal });
  } catch (error) {
    // While it asks, Ctrl-C comes as a key and not as a signal.
    if (error instanceof Error && error.name === 'ExitPromptError') throw new Interruption(exitCodes.interrupted);
    throw error;
  }
}
