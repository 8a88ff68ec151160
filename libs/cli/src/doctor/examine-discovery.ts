import type { Clock, HttpContext } from '@nmp/sdk';
import { printable } from '@nmp/sdk';
import { discoveryUrls, issuerNearMiss, isSecureUrl, TENANT } from '@nmp/tokens';
import type { FetchedJson } from './fetch-json.js';
import { fetchJson } from './fetch-json.js';
import type { Finding } from './finding.js';
import { configLine, ok, problem } from './finding.js';

const CHECK = 'discovery';

/** What was found of a provider's own document. */
export interface DiscoveryResult {
  readonly findings: readonly Finding[];
  readonly document?: Readonly<Record<string, unknown>>;
  readonly clockAheadSeconds?: number;
}

/** Fetches the discovery document from where it may be, and compares its issuer byte for byte. */
export async function examineDiscovery(issuer: string, http: HttpContext, clock: Clock): Promise<DiscoveryResult> {
  const answers: FetchedJson[] = [];
  for (const url of discoveryUrls(issuer.replace(TENANT, 'common'))) {
    const answer = await fetchJson(url, http, clock);
    if (answer.document) return judged(answer, answer.document, issuer);
    answers.push(answer);
    if (!answer.answered) break;
  }
  return { findings: [await missing(answers, issuer, http, clock)] };
}

function judged(answer: FetchedJson, document: Readonly<Record<string, unknown>>, issuer: string): DiscoveryResult {
  const { clockAheadSeconds } = answer;
  return {
    findings: [issuerFinding(answer.url, document.issuer, issuer)],
    document,
    ...(clockAheadSeconds === undefined ? {} : { clockAheadSeconds }),
  };
}

function issuerFinding(url: string, named: unknown, issuer: string): Finding {
  if (named === issuer) return ok(CHECK, `${url} calls itself ${issuer}`);
  if (typeof named !== 'string' || named === '') return problem(CHECK, `${url} does not say whose it is ("issuer")`);
  const told = printable(named, 500);
  return problem(
    CHECK,
    `${url} calls itself ${told}, and ${issuer} is configured: they differ ${difference(told, issuer)}`,
    {
      advice: 'Tokens carry the name that the provider gives itself: take that one',
      ...(told.includes(TENANT) ? {} : { config: configLine('oidc.issuer', told) }),
    },
  );
}

function difference(named: string, issuer: string): string {
  if (named.includes(TENANT)) return 'because it stands for several tenants: name one of them in the issuer';
  const near = issuerNearMiss(issuer, named);
  if (near !== undefined) return `in ${near}`;
  const bare = (text: string): string => text.replace(/^https?:/, '');
  if (bare(named) === bare(issuer)) return 'in http and https';
  return withoutAuth(named) === withoutAuth(issuer) ? 'in "/auth"' : 'in more than that';
}

async function missing(
  answers: readonly FetchedJson[],
  issuer: string,
  http: HttpContext,
  clock: Clock,
): Promise<Finding> {
  const [first] = answers;
  const silent = answers.find(({ answered }) => !answered);
  if (silent) {
    return problem(CHECK, `${issuer} cannot be reached (${silent.problem ?? 'no answer'})`, {
      advice:
        'Check address, network, HTTPS_PROXY, and NMP_CLIENT_SSL_CERT_FILE (or certificate_authority of the cluster) for a private authority',
      isOutage: true,
    });
  }
  const message = `There is no discovery document at ${first?.url ?? issuer}: ${first?.problem ?? 'no answer'}`;
  if ((first?.status ?? 0) >= 500) return problem(CHECK, message, { advice: 'Try again later', isOutage: true });
  const other = await otherKeycloakIssuer(issuer, http, clock);
  if (other !== undefined) {
    return problem(CHECK, message, { advice: `There is one for ${other}`, config: configLine('oidc.issuer', other) });
  }
  return problem(CHECK, message, { advice: 'Check the issuer for mistakes: realm, tenant, path' });
}

/** Keycloak had `/auth` in its addresses until version 17. */
async function otherKeycloakIssuer(issuer: string, http: HttpContext, clock: Clock): Promise<string | undefined> {
  if (!issuer.includes('/realms/')) return undefined;
  const bare = withoutAuth(issuer);
  const other = bare === issuer ? issuer.replace('/realms/', '/auth/realms/') : bare;
  const [url] = discoveryUrls(other);
  const answer = url === undefined || !isSecureUrl(url) ? undefined : await fetchJson(url, http, clock);
  return answer?.document ? other : undefined;
}

function withoutAuth(issuer: string): string {
  return issuer.replace('/auth/realms/', '/realms/');
}
