import { lstat, stat } from 'node:fs/promises';

/** Who owns a file, and the link to it where the path is one. */
export interface FileOwners {
  readonly file: number;
  readonly link?: number;
}

/** What is wrong, and the command that takes over. */
export interface OwnershipProblem {
  readonly what: string;
  readonly remedy: 'chown' | 'chown -h';
}

/** The owners of what a path leads to; `undefined` when there is nothing. Systems without owners have none either. */
export async function ownersOf(path: string): Promise<FileOwners | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    const entry = await lstat(path);
    if (!entry.isSymbolicLink()) return { file: entry.uid };
    return { file: (await stat(path)).uid, link: entry.uid };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // only file system calls are above
    throw error;
  }
}

/**
 * What is wrong with the owners of a file that decides where tokens go: it must be the user's own, or the
 * administrator's, and so must a link to it. A link of one's own is a usual way to keep such files elsewhere.
 */
export function ownershipProblem({ file, link }: FileOwners, user: number): OwnershipProblem | undefined {
  const isTrusted = (owner: number): boolean => owner === user || owner === 0;
  if (link !== undefined && !isTrusted(link)) {
    return { what: 'is a link that another user made', remedy: 'chown -h' };
  }
  return isTrusted(file) ? undefined : { what: 'belongs to another user', remedy: 'chown' };
}
