import { chmodSync, statSync, type Stats } from 'node:fs';
import { makeDirectory } from './make-directory.js';

type Warn = (line: string) => void;

/** Makes a directory that nobody but its owner gets into, or closes one that is there, and says so. */
export function makePrivateDirectory(path: string, warn: Warn): void {
  makeDirectory(path, 0o700);
  close(path, 0o077, 'was open to other users of this machine, and with it everything the platform stores', warn);
}

/**
 * Sees to it that nobody but its owner may replace what lies in a directory. Who may read it is left as it is; so is a
 * directory of another owner, or one that is shared on purpose and lets everybody replace their own things only.
 */
export function keepFromReplacement(path: string, warn: Warn): void {
  const stats = statSync(path);
  if ((stats.mode & 0o1000) !== 0) return;
  const problem = 'could be written by other users of this machine, who might have replaced the database in it';
  if (isOwn(stats)) close(path, 0o022, problem, warn);
  else if (isOpen(stats, 0o022)) warn(`${path} ${problem}; its owner has to close it to them`);
}

function close(path: string, bits: number, problem: string, warn: Warn): void {
  const before = statSync(path);
  if (!isOpen(before, bits)) return;
  try {
    chmodSync(path, before.mode & 0o7777 & ~bits);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
  // Some file systems refuse other modes, some take them and do nothing.
  const isStillOpen = isOpen(statSync(path), bits);
  warn(`${path} ${problem}; ${isStillOpen ? 'it cannot be closed here: do so, or use another' : 'it is closed now'}`);
}

function isOpen({ mode }: Stats, bits: number): boolean {
  // Windows has no such modes.
  return process.platform !== 'win32' && (mode & bits) !== 0;
}

function isOwn({ uid }: Stats): boolean {
  return uid === process.getuid?.();
}
