import type { PolicyCaller } from '@nmp/tokens';
import { bindingPrincipals } from './binding-principals.js';

/** What is worked out about a caller once. */
export interface KnownCaller {
  /** The same for two callers only if every decision on them is the same, and never given to another again. */
  readonly number: number;
  /** The principals of the bindings that hold for the caller, `*` apart. */
  readonly principals: readonly string[];
}

const greatestNumberOfNames = 10_000;

/** Knows callers again: by what decisions look at, and those that cannot change any more by themselves. */
export class KnownCallers {
  private readonly byCaller = new WeakMap<PolicyCaller, KnownCaller>();
  private readonly byName = new Map<string, KnownCaller>();
  private count = 0;

  of(caller: PolicyCaller): KnownCaller {
    const known = this.byCaller.get(caller);
    if (known !== undefined) return known;
    const found = this.named(nameOf(caller), caller);
    if (isFrozen(caller)) this.byCaller.set(caller, found);
    return found;
  }

  private named(name: string, caller: PolicyCaller): KnownCaller {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    // Who is forgotten gets another number, so that what was remembered of them is not found again.
    if (this.byName.size >= greatestNumberOfNames) this.byName.clear();
    this.count += 1;
    const added = { number: this.count, principals: bindingPrincipals(caller) };
    this.byName.set(name, added);
    return added;
  }
}

/** All that decisions look at, in a form in which no value can be mistaken for two. */
function nameOf(caller: PolicyCaller): string {
  const { kind, issuer, id, email, emailVerified, groups, scopes, sharesUsers, onBehalfOf } = caller;
  const behalf = onBehalfOf && [onBehalfOf.id, onBehalfOf.email, onBehalfOf.groups];
  return JSON.stringify([kind, issuer, id, email, emailVerified, groups, scopes, sharesUsers, behalf]);
}

function isFrozen(caller: PolicyCaller): boolean {
  const { groups, scopes, onBehalfOf } = caller;
  return [caller, groups, scopes, onBehalfOf, onBehalfOf?.groups].every(
    (part) => part === undefined || Object.isFrozen(part),
  );
}
