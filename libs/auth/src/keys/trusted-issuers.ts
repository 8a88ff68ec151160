import { InvalidTokenError, issuerNearMiss, type TokenKind } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { Clock } from '../clock.js';
import type { IssuerConfig, IssuerSource } from '../issuer-config.js';
import { IssuerMetadata } from './issuer-metadata.js';
import { AuthTracer } from '../tracing/auth-tracer.js';
import { KeySet } from './key-set.js';
import type { KeySetEvents } from './key-set-events.js';

/** One trusted issuer with its documents and keys. */
export interface TrustedIssuer {
  readonly config: IssuerConfig;
  readonly metadata: IssuerMetadata;
  readonly keys: KeySet;
}

/** The issuers whose tokens are accepted: an explicit set, each with keys of its own. */
export class TrustedIssuers {
  /** A platform issues tokens of several kinds under one name; all others are here once. */
  private readonly byName: ReadonlyMap<string, readonly TrustedIssuer[]>;

  /** @param tracer Without one no spans are made. */
  constructor(config: AuthConfig, clock: Clock, events: KeySetEvents, tracer = new AuthTracer()) {
    // The tenants of one template share documents and keys.
    const sources = new Map<IssuerSource, Pick<TrustedIssuer, 'metadata' | 'keys'>>();
    for (const { source } of config.issuers) {
      const metadata = new IssuerMetadata(source, config, clock);
      if (!sources.has(source))
        sources.set(source, { metadata, keys: new KeySet(source, config, metadata, clock, events, tracer) });
    }
    const byName = new Map<string, TrustedIssuer[]>();
    for (const issuer of config.issuers) {
      const shared = sources.get(issuer.source);
      if (shared) byName.set(issuer.issuer, [...(byName.get(issuer.issuer) ?? []), { config: issuer, ...shared }]);
    }
    this.byName = byName;
  }

  /** The issuer that discovery publishes; `undefined` when OIDC is switched off. */
  get main(): TrustedIssuer | undefined {
    return this.all.find(({ config }) => config.kind === 'access');
  }

  get all(): readonly TrustedIssuer[] {
    return [...this.byName.values()].flat();
  }

  /**
   * Finds the trusted issuer a token names. Costs no network traffic, whatever the token says.
   * @param kind what the token's header says it is; an issuer's tokens of another kind than it is trusted for are refused
   * @throws {InvalidTokenError} reason `issuer` when it is not listed, `type` when it is, or has to be, one of another kind.
   */
  get(name: unknown, kind: TokenKind): TrustedIssuer {
    const named = typeof name === 'string' ? this.byName.get(name) : undefined;
    const issuer = named?.find(({ config }) => config.kind === kind);
    if (issuer === undefined && (named !== undefined || kind !== 'access')) {
      throw new InvalidTokenError(
        'type',
        `the header type is that of ${kinds[kind]}, which this issuer is not trusted for`,
      );
    }
    if (issuer === undefined) throw new InvalidTokenError('issuer', this.refusal(name));
    return issuer;
  }

  private refusal(name: unknown): string {
    if (this.byName.size === 0) return 'OIDC is switched off: no issuer is trusted';
    if (typeof name !== 'string') return 'the token names no issuer';
    for (const trusted of this.byName.keys()) {
      const difference = issuerNearMiss(name, trusted);
      if (difference) {
        const both = `the token is from ${quote(name)}, which differs from ${trusted} only in its ${difference}`;
        return `${both}: write the issuer as the provider's discovery document does`;
      }
    }
    const [first = '', ...others] = this.byName.keys();
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return `the token is from ${quote(name)}, which is not trusted: ${first}${more} would be`;
  }
}

const kinds: Readonly<Record<TokenKind, string>> = {
  access: 'an access token',
  hop: 'a hop token',
  workload: 'a workload token',
  'access-key': 'an access key',
};

/** Text out of an unverified token, fit for a log line. */
function quote(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
