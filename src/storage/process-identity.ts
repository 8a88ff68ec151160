import { readFileSync, readlinkSync } from 'node:fs';

/**
 * What tells one process from every other, also from a later one with the same number.
 *
 * `startedAt` is the kernel's start time in clock ticks since boot, `scope` the boot and the process-number space in
 * which `pid` means something. Both are empty where the system does not offer them.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
  readonly scope: string;
}

/** The identity of the running process. */
export function ownProcessIdentity(): ProcessIdentity {
  return { pid: process.pid, startedAt: readStatus(process.pid)?.startedAt ?? '', scope: readScope() };
}

/**
 * Whether the process still runs, as far as this process can tell; `unknown` when its number belongs to another
 * machine, boot or container.
 */
export function processState(identity: ProcessIdentity): 'running' | 'ended' | 'unknown' {
  if (identity.scope !== readScope()) return 'unknown';
  if (!isSignalable(identity.pid)) return 'ended';
  const status = readStatus(identity.pid);
  if (status === undefined || identity.startedAt === '') return 'running';
  // The number was given to another process, or the process ended and only its entry is left to be collected.
  return status.startedAt === identity.startedAt && !status.isZombie ? 'running' : 'ended';
}

function readScope(): string {
  const boot = readOrUndefined(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const namespace = readOrUndefined(() => readlinkSync('/proc/self/ns/pid'));
  return [boot, namespace].filter((part) => part !== undefined).join(' ');
}

/** @see proc_pid_stat(5): the name in parentheses may itself hold blanks and parentheses; field 3 follows the last one. */
function readStatus(pid: number): { startedAt: string; isZombie: boolean } | undefined {
  const stat = readOrUndefined(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startedAt = fields?.[19];
  if (fields === undefined || startedAt === undefined) return undefined;
  return { startedAt, isZombie: fields[0] === 'Z' || fields[0] === 'X' };
}

function isSignalable(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readOrUndefined(read: () => string): string | undefined {
  try {
    return read();
  } catch (error) {
    // The system has no /proc, or hides this entry: that knowledge is simply missing.
    if ((error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}
