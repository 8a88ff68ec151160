import { type Claims, hasAudience, readClaim } from '@nmp/tokens';
import type { ExchangeRule } from '../../config/exchange-rule.js';
import { SubjectPattern } from './subject-pattern.js';

/** Finds the first rule of which everything holds for a token whose signature and times have been verified. */
export function matchingRule(rules: readonly ExchangeRule[], claims: Claims): ExchangeRule | undefined {
  return rules.find(
    (rule) => claims.iss === rule.issuer && hasAudience(claims, [rule.audience]) && isMet(rule, claims),
  );
}

function isMet({ subject, claims: wanted }: ExchangeRule, claims: Claims): boolean {
  const conditions = Object.entries(wanted);
  // The configuration has no rule without a condition; if one came by another way, it would hold for nobody.
  if (subject === undefined && conditions.length === 0) return false;
  if (subject !== undefined && !(typeof claims.sub === 'string' && new SubjectPattern(subject).matches(claims.sub))) {
    return false;
  }
  return conditions.every(([path, value]) => isValue(readClaim(claims, quoted(path)), value));
}

/** Kubernetes keeps its claims below one whose name has a dot in it. */
function quoted(path: string): string {
  return path.replace(/^kubernetes\.io\./, '"kubernetes.io".');
}

/** Exactly this value: a list that has it among others says more than the rule does. */
function isValue(value: unknown, wanted: string): boolean {
  // A greater number may have been another before it was read.
  const isPlain = typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
  return isPlain && String(value) === wanted;
}
