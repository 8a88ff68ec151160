import { meetsScopes, type ScopePolicy, type ScopeRequirement } from '@nmp/tokens';

/**
 * The sets of scopes, each of which meets all requirements. A set that has all of another one, and more, is not among them.
 * @param offered scopes that people sign in with: where one of them includes what is required, it is an alternative
 */
export function scopeAlternatives(
  requirements: readonly ScopeRequirement[],
  offered: readonly string[],
  policy: ScopePolicy,
): string[][] {
  const strict: ScopePolicy = { ...policy, enforcement: 'always' };
  const including = (scope: string): string[] => [
    scope,
    ...offered.filter((held) => held !== scope && meetsScopes([held], { mode: 'all', scopes: [scope] }, strict)),
  ];
  const sets = requirements.map(({ mode, scopes }) => {
    const choices = scopes.map((scope) => including(scope).map((held) => [held]));
    return mode === 'any' ? choices.flat() : choices.reduce(combined, [[]]);
  });
  return smallest(sets.reduce(combined, [[]]));
}

function combined(some: readonly string[][], others: readonly string[][]): string[][] {
  return some.flatMap((one) => others.map((other) => [...new Set([...one, ...other])]));
}

function smallest(sets: readonly string[][]): string[][] {
  return sets.filter(
    (set, at) =>
      !sets.some((other, where) => {
        const isWithin = other.every((scope) => set.includes(scope));
        return isWithin && (other.length < set.length || where < at);
      }),
  );
}
