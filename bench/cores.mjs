import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Two cores that this process may use, one for a server, the other for its load.
 *
 * @returns {Promise<{ server: number, load: number } | undefined>} nothing without a second core, or without `taskset`
 */
export async function twoCores() {
  const answer = await promisify(execFile)('taskset', ['-cp', String(process.pid)]).then(
    ({ stdout }) => stdout,
    () => undefined, // no such program, or one that knows no lists: then cores cannot be chosen
  );
  const [server, load] = coresIn(answer?.split(':').at(-1) ?? '');
  return load === undefined ? undefined : { server, load };
}

/** Reads a list such as `0-3,8`. */
function coresIn(list) {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.trim().split('-').map(Number);
    return range.trim() === '' ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
