/** A role as far as inheritance is concerned. */
interface Inheriting {
  readonly includes: readonly string[];
  readonly permissions: readonly string[];
}

/** The permissions of each role, with those of all roles it includes, sorted. Cycles end where they close. */
export function resolveGrants(roles: ReadonlyMap<string, Inheriting>): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...roles.keys()].map((name) => {
      const included = [...closure(name, roles)];
      return [name, [...new Set(included.flatMap((role) => roles.get(role)?.permissions ?? []))].sort()];
    }),
  );
}

/** The cycles among roles, each once, as the names along it; the first name is the one that comes first in the file. */
export function findCycles(roles: ReadonlyMap<string, Inheriting>): readonly (readonly string[])[] {
  const order = [...roles.keys()];
  return order.flatMap((name, position) => {
    // Every cycle is found from each of its roles; it is named by the first.
    const later = new Set(order.slice(position));
    const cycle = wayBack(name, name, roles, later, new Set());
    return cycle === undefined ? [] : [cycle];
  });
}

function closure(name: string, roles: ReadonlyMap<string, Inheriting>): ReadonlySet<string> {
  const reached = new Set([name]);
  // A set hands out what is added while it is gone through.
  for (const role of reached) for (const included of roles.get(role)?.includes ?? []) reached.add(included);
  return reached;
}

function wayBack(
  from: string,
  target: string,
  roles: ReadonlyMap<string, Inheriting>,
  allowed: ReadonlySet<string>,
  visited: Set<string>,
): readonly string[] | undefined {
  if (visited.has(from)) return undefined;
  visited.add(from);
  for (const next of roles.get(from)?.includes ?? []) {
    if (next === target) return [from, target];
    if (!allowed.has(next)) continue;
    const rest = wayBack(next, target, roles, allowed, visited);
    if (rest !== undefined) return [from, ...rest];
  }
  return undefined;
}
