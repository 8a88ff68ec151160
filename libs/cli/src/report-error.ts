import {
  ApiError,
  ConnectionError,
  ForbiddenError,
  NeMoError,
  SignInError,
  UnauthorizedError,
  UnexpectedAnswerError,
} from '@nmp/sdk';
import { exitCodes } from './exit-codes.js';
import { calledBy } from './program-name.js';
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
  const stop: unknown = signal.reason;
  if (stop instanceof Interruption) return { lines: [], exitCode: stop.exitCode }; // it was said when it came
  if (error instanceof Interruption) return { lines: ['Interrupted.'], exitCode: error.exitCode };
  if (error instanceof UsageError) {
    const command = [programName, ...(error.command === undefined ? [] : [error.command])].join(' ');
    return { lines: [`Error: ${error.message}`, `Run: ${command} --help`], exitCode: exitCodes.usage };
  }
  if (error instanceof ApiError) return { lines: apiErrorLines(error, programName), exitCode: exitCodes.remote };
  if (error instanceof NeMoError) {
    const exitCode = isRemote(error) ? exitCodes.remote : exitCodes.local;
    return { lines: [`Error: ${calledBy(programName, error.message)}`], exitCode };
  }
  const message = error instanceof Error ? error.message : String(error);
  const advice = 'This is a fault of the program: please report it, with the command you ran.';
  return { lines: [`Error: ${message}`, advice], exitCode: exitCodes.local };
}

/** Whether the trouble is that of a server, or of its address. */
function isRemote(error: NeMoError): boolean {
  if (error instanceof SignInError) return error.isUnreachable;
  return error instanceof ConnectionError || error instanceof UnexpectedAnswerError;
}

function apiErrorLines(error: ApiError, programName: string): string[] {
  const request = error.requestId === undefined ? '' : ` [request ${error.requestId}]`;
  const what = `${kindOf(error)}(${error.status}) ${error.detail}${request}`;
  return [`Error: ${what}`, calledBy(programName, error.advice)];
}

function kindOf(error: ApiError): string {
  if (error instanceof UnauthorizedError) return 'the platform does not accept the sign-in. ';
  return error instanceof ForbiddenError ? 'permission denied. ' : '';
}
