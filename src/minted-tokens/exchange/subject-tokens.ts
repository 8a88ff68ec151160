import { type AuthModuleOptions, type Clock, type KeySetEvents, standaloneVerifier } from '@nmp/auth';
import type { Claims } from '@nmp/tokens';
import type { ExchangeRule } from '../../config/exchange-rule.js';

/** Verifies the tokens of workloads, by the same rules as access tokens and with keys of the rules' issuers. */
export class SubjectTokens {
  private readonly verifier: ReturnType<typeof standaloneVerifier>;

  constructor(rules: readonly ExchangeRule[], auth: AuthModuleOptions, clock: Clock, events: KeySetEvents) {
    const [main, ...others] = issuersOf(rules);
    const options: AuthModuleOptions = {
      ...limitsOf(auth),
      cache: false,
      oidc: { ...main, clientId: main?.audience[0], additionalIssuers: others },
    };
    this.verifier = standaloneVerifier(options, clock, events);
  }

  /**
   * @returns the token's claims; for which rule it is good is not decided.
   * @throws {InvalidTokenError} with the reason why it is refused.
   * @throws {IssuerUnavailableError} when nothing can be said, because the issuer's keys cannot be had.
   * @throws {OverloadedError} when nothing can be said, because too many tokens are being verified.
   */
  async verify(token: string): Promise<Claims> {
    const { claims } = await this.verifier.verify(token);
    return claims;
  }
}

/** What of the platform's own settings holds for these tokens, too. */
function limitsOf(auth: AuthModuleOptions): AuthModuleOptions {
  const { algorithms, clockToleranceSeconds, maxTokenAgeSeconds, jwksMaxAgeSeconds, jwksCooldownSeconds } = auth;
  const { jwksStaleSeconds, httpTimeoutMs, fetch, allowInsecureHttp, maxPendingVerifications } = auth;
  const limits: AuthModuleOptions = {
    algorithms,
    clockToleranceSeconds,
    maxTokenAgeSeconds,
    jwksMaxAgeSeconds,
    jwksCooldownSeconds,
    jwksStaleSeconds,
    httpTimeoutMs,
    fetch,
    allowInsecureHttp,
    maxPendingVerifications,
  };
  return limits;
}

interface SubjectIssuer {
  readonly issuer: string;
  readonly jwksUri: string | undefined;
  readonly discoveryUrl: string | undefined;
  readonly audience: string[];
}

/** Each issuer once, with the audiences of all its rules: the rules of one issuer agree on where its keys are. */
function issuersOf(rules: readonly ExchangeRule[]): SubjectIssuer[] {
  return [...new Set(rules.map(({ issuer }) => issuer))].map((issuer) => {
    const own = rules.filter((rule) => rule.issuer === issuer);
    const audience = [...new Set(own.map((rule) => rule.audience))];
    return { issuer, jwksUri: own[0]?.jwksUri, discoveryUrl: own[0]?.discoveryUrl, audience };
  });
}
