import { closest, distance } from 'fastest-levenshtein';

/** The known name a mistyped one most likely means; `undefined` when none is near. */
export function suggestName(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(name, known);
  const allowed = Math.max(2, Math.floor(candidate.length / 3));
  return distance(name, candidate) <= allowed ? candidate : undefined;
}
