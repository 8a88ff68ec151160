import {
  ApiError,
  BadRequestError,
  ConflictError,
  ConnectionError,
  ForbiddenError,
  NeMoError,
  NotFoundError,
  UnauthorizedError,
} from '@nmp/sdk';
import { exitCodes } from './exit-codes.js';
import { UsageError } from './usage-error.js';
import type { World } from './world.js';
import { Interruption } from './world.js';

/** Says what went wrong and what to do next, and tells the exit code that stands for it. */
export function reportError(error: unknown, world: World): number {
  const { lines, exitCode } = reportOf(error, world);
  world.stderr.write(lines.map((line) => `${line}\n`).join(''));
  return exitCode;
}

function reportOf(error: unknown, { programName, signal }: World): { lines: string[]; exitCode: number } {
  const stop: unknown = signal.aborted ? signal.reason : error;
  if (stop instanceof Interruption) return { lines: ['Interrupted.'], exitCode: stop.exitCode };
  if (error instanceof UsageError) {
    return { lines: [`Error: ${error.message}`, `Run: ${programName} --help`], exitCode: exitCodes.usage };
  }
  if (error instanceof ApiError) return { lines: apiErrorLines(error, programName), exitCode: exitCodes.remote };
  if (error instanceof ConnectionError) return { lines: [`Error: ${error.message}`], exitCode: exitCodes.remote };
  if (error instanceof NeMoError) {
    const message = error.message.replaceAll('Run: nemo ', `Run: ${programName} `);
    return { lines: [`Error: ${message}`], exitCode: exitCodes.local };
  }
  const message = error instanceof Error ? error.message : String(error);
  const advice = 'This is a fault of the program: please report it, with the command you ran.';
  return { lines: [`Error: ${message}`, advice], exitCode: exitCodes.local };
}

function apiErrorLines(error: ApiError, programName: string): string[] {
  const [what, advice] = explanationOf(error, programName);
  const request = error.requestId === undefined ? '' : ` [request ${error.requestId}]`;
  return [`Error: ${what}${error.message}${request}`, advice];
}

function explanationOf(error: ApiError, programName: string): [string, string] {
  if (error instanceof UnauthorizedError) {
    return ['the platform does not accept the sign-in. ', `Run: ${programName} auth login, or set NMP_ACCESS_TOKEN`];
  }
  if (error instanceof ForbiddenError) {
    return ['permission denied. ', 'Ask an administrator of the workspace or of the platform for access'];
  }
  if (error instanceof NotFoundError || error instanceof ConflictError) {
    return ['', `To see what is there, run: ${programName} workspaces list`];
  }
  if (error instanceof BadRequestError) return ['', 'Correct what the message names, then try again'];
  return ['', 'Try again later; if it stays that way, tell an administrator of the platform'];
}
