import { isClaimPath, isReservedName, isSecureUrl, parseUrl } from '@nmp/tokens';
import { subjectPatternProblem } from '../minted-tokens/exchange/subject-pattern.js';
import type { ExchangeRule, TokenExchangeConfig } from './exchange-rule.js';
import type { Settings } from './file-settings.js';
import { isServiceName } from './service-name.js';

/** What the rules must not collide with. */
export interface ExchangeSurroundings {
  /** The platform's own issuer: its tokens are not exchanged, or they would never end. */
  readonly issuer: string;
  readonly defaultAudience: string;
  /** The audiences that other tokens have. */
  readonly taken: readonly string[];
  readonly allowInsecureHttp: boolean;
}

const DEFAULT_LIFE_SECONDS = 300;
const MIN_LIFE_SECONDS = 60;
/** The longest life of a token that the platform issues. */
export const MAX_MINTED_LIFE_SECONDS = 3_600;

/** Checks the settings, fills in the defaults, and adds a line to `problems` for each that is wrong. */
export function tokenExchangeConfigOf(
  settings: Settings | undefined,
  surroundings: ExchangeSurroundings,
  problems: string[],
): TokenExchangeConfig | undefined {
  if (settings === undefined) return undefined;
  const { audience = surroundings.defaultAudience, rules: entries = [] } = settings as Partial<{
    audience: string; // by the tree of settings
    rules: unknown[];
  }>;
  if (!isText(audience) || surroundings.taken.includes(audience)) {
    problems.push('token_exchange.audience must be a text, and no audience of other tokens');
  }
  if (entries.length === 0) problems.push('token_exchange.rules must have a rule: without one nothing is exchanged');
  const rules = entries.map((entry, index) => {
    const path = `token_exchange.rules[${index}]`;
    if (!isSection(entry)) {
      problems.push(`${path} must be a mapping`);
      return ruleOf({});
    }
    problems.push(...ruleProblems(entry, surroundings).map((problem) => `${path}${problem}`));
    return ruleOf(entry);
  });
  problems.push(...problemsBetween(rules));
  return Object.freeze({ audience, rules: Object.freeze(rules) });
}

/** What is wrong with one rule, each line with the path below the rule in front. */
function ruleProblems(rule: Settings, { issuer, allowInsecureHttp }: ExchangeSurroundings): string[] {
  const { principal, subject, claims = {}, scopes, life_seconds: life = DEFAULT_LIFE_SECONDS } = rule;
  const urls = (['issuer', 'jwks_uri', 'discovery_url'] as const).filter(
    (key) => (key === 'issuer' || rule[key] !== undefined) && !isUrl(rule[key], allowInsecureHttp),
  );
  const subjectProblem = subject === undefined ? undefined : subjectPatternProblem(subject as string); // by the tree of settings
  const conditions = Object.entries(claims as Record<string, unknown>); // by the tree of settings
  return [
    ...(isServiceName(rule.name) ? [] : ['.name must be 1 to 63 letters, digits, dots, hyphens and underscores']),
    ...urls.map((key) => `.${key} must be an https URL (plain http only on this machine)`),
    ...(rule.issuer === issuer ? ['.issuer must not be the platform itself: its tokens would never end'] : []),
    ...(isText(rule.audience) ? [] : ['.audience must be a text: tokens for others must not be exchanged']),
    ...(subject === undefined && conditions.length === 0
      ? [' must have a subject or claims: without a condition it would hold for every token of the issuer']
      : []),
    ...(subjectProblem === undefined ? [] : [`.subject ${subjectProblem}`]),
    ...(conditions.every(([path, value]) => isClaimPath(path) && isText(value))
      ? []
      : ['.claims must give a value for each claim or path to one']),
    ...principalProblems(isSection(principal) ? principal : {}),
    ...(isList(scopes, isScope) ? [] : ['.scopes must list scopes: a token without any is limited by roles alone']),
    ...(Number(life) >= MIN_LIFE_SECONDS && Number(life) <= MAX_MINTED_LIFE_SECONDS
      ? []
      : [`.life_seconds must be between ${MIN_LIFE_SECONDS} and ${MAX_MINTED_LIFE_SECONDS}`]),
  ];
}

/** Nobody is made a service, everybody, or a group by a rule. */
function principalProblems({ id, email, groups = [] }: Settings): string[] {
  const isNameOf = (value: unknown): value is string => isText(value) && !isReservedName(value) && isPrintable(value);
  return [
    ...(isNameOf(id) && id.length <= 256 && !id.includes('@')
      ? []
      : ['.principal.id must be a name without @, not "*", "service:…" or "group:…"']),
    ...(email === undefined || (isNameOf(email) && /^[^@\s]+@[^@\s]+$/.test(email))
      ? []
      : ['.principal.email must be an e-mail address']),
    ...(isList(groups, isNameOf) || (Array.isArray(groups) && groups.length === 0)
      ? []
      : ['.principal.groups must be names of groups']),
  ];
}

function problemsBetween(rules: readonly ExchangeRule[]): string[] {
  return rules.flatMap((rule, index) => {
    const before = rules.slice(0, index);
    const namesake = before.some(({ name }) => name === rule.name);
    const disagrees = before.some(
      ({ issuer, jwksUri, discoveryUrl }) =>
        issuer === rule.issuer && (jwksUri !== rule.jwksUri || discoveryUrl !== rule.discoveryUrl),
    );
    const path = `token_exchange.rules[${index}]`;
    return [
      ...(namesake ? [`${path}.name is another rule's`] : []),
      ...(disagrees ? [`${path} must have the jwks_uri and discovery_url of the other rules of its issuer`] : []),
    ];
  });
}

function ruleOf(rule: Settings): ExchangeRule {
  const principal = (rule.principal ?? {}) as Settings; // what is of another kind has been told
  return Object.freeze({
    name: String(rule.name),
    issuer: String(rule.issuer),
    jwksUri: rule.jwks_uri as string | undefined, // texts, by the tree of settings
    discoveryUrl: rule.discovery_url as string | undefined,
    audience: String(rule.audience),
    subject: rule.subject as string | undefined,
    claims: Object.freeze({ ...(rule.claims as Record<string, string> | undefined) }),
    principal: Object.freeze({
      id: String(principal.id),
      email: principal.email as string | undefined,
      groups: Object.freeze([...((principal.groups ?? []) as string[])]),
    }),
    scopes: Object.freeze([...((rule.scopes ?? []) as string[])]),
    lifeSeconds: Number(rule.life_seconds ?? DEFAULT_LIFE_SECONDS),
  });
}

function isUrl(value: unknown, allowInsecureHttp: boolean): boolean {
  const url = isText(value) ? parseUrl(value) : undefined;
  if (url === undefined || url.href.includes('#') || url.username + url.password !== '') return false;
  return isSecureUrl(url) || (allowInsecureHttp && url.protocol === 'http:');
}

/** @see RFC 6749 §3.3 */
function isScope(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value);
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isItem);
}

function isPrintable(value: string): boolean {
  return !/\p{Cc}/u.test(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value === value.trim();
}

function isSection(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
