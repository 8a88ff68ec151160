const most = 40;

/**
 * The lines that one text has and the other has not.
 *
 * @param {string} before
 * @param {string} after
 * @returns {string[]} with a minus or a plus before each; none when the texts are equal
 */
export function linesThatDiffer(before, after) {
  if (before === after) return [];
  const [old, now] = [before.split('\n'), after.split('\n')];
  const gone = linesMissingFrom(now, old).map((line) => `- ${line}`);
  const added = linesMissingFrom(old, now).map((line) => `+ ${line}`);
  const all = [...gone, ...added];
  if (all.length === 0) return ['  the same lines in another order'];
  return all.length > most ? [...all.slice(0, most), `  and ${all.length - most} more`] : all;
}

function linesMissingFrom(there, lines) {
  const known = new Set(there);
  return lines.filter((line) => !known.has(line));
}
