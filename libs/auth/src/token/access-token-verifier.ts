import {
  type Algorithm,
  checkClaims,
  type Claims,
  decodeClaims,
  decodeJoseHeader,
  decodeSignature,
  InvalidTokenError,
  isAcceptedAlgorithm,
  type JoseHeader,
  type MappingNotice,
  type Principal,
  principalOfClaims,
  principalOfMintedClaims,
  type PublicKey,
  splitCompactJws,
  type TokenKind,
  tokenKindOf,
  validUntil,
  verifySignature,
} from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { Clock } from '../clock.js';
import { OpaqueTokens } from '../introspection/opaque-tokens.js';
import type { TrustedIssuer, TrustedIssuers } from '../keys/trusted-issuers.js';
import type { AuthTracer } from '../tracing/auth-tracer.js';
import { isEndedAccessKey, principalOfAccessKey } from './access-key-check.js';
import type { CallerReports } from './caller-reports.js';
import { PendingLimit } from './pending-limit.js';
import { unlessRevoked } from './unless-revoked.js';
import { inVerificationSpan } from './verification-span.js';
import { type VerifiedToken, VerifiedTokenCache } from './verified-token-cache.js';

const MAX_CACHED_HEADERS = 256;

/** A token taken apart, its issuer found, nothing verified yet. */
interface Candidate {
  readonly header: JoseHeader;
  readonly algorithm: Algorithm;
  readonly claims: Claims;
  readonly issuer: TrustedIssuer;
  readonly signingInput: string;
  readonly signature: Buffer;
}

/** A token whose signature holds, and the key that verified it. */
interface Signed {
  readonly candidate: Candidate;
  readonly key: PublicKey;
}

/** Told what was left out of a principal. */
export type NoticeListener = (principal: Principal, notices: readonly MappingNotice[]) => void;

/** Who watches the verifier of an application at its work. */
export interface VerifierWatch {
  readonly onNotices: NoticeListener;
  readonly reports: CallerReports;
  readonly tracer: AuthTracer;
}

/**
 * Decides about access tokens: syntax, algorithm, issuer, key, signature, claims – in this order, so that what can be
 * refused without a key costs no network traffic.
 * @see RFC 7519 §7.2, RFC 8725, RFC 9068 §4
 */
export class AccessTokenVerifier {
  private readonly cache: VerifiedTokenCache;
  /** Those that are bound to a key, apart: a look-up of the others finds none of them. */
  private readonly boundTokens: VerifiedTokenCache;
  private readonly headers = new Map<string, JoseHeader>();
  private readonly opaqueTokens: OpaqueTokens | undefined;
  /** Apart, for tokens with invented key ids must not keep those with known ones from being verified. */
  private readonly keyWaits: PendingLimit;
  private readonly signatureChecks: PendingLimit;
  /** Whether a remembered verdict can have been overtaken. */
  private readonly asksAgain: boolean;

  constructor(
    private readonly config: AuthConfig,
    private readonly issuers: TrustedIssuers,
    private readonly clock: Clock,
    private readonly watch?: VerifierWatch,
  ) {
    this.cache = new VerifiedTokenCache(config);
    this.keyWaits = new PendingLimit(config.maxPendingVerifications, 'keys of their issuer');
    this.signatureChecks = new PendingLimit(config.maxPendingVerifications, 'their signature to be checked');
    this.opaqueTokens = OpaqueTokens.of(config, issuers, clock);
    this.boundTokens = new VerifiedTokenCache(config, 'bound');
    this.asksAgain = config.revocation !== undefined || config.accessKeys !== undefined;
  }

  /** The principal of a token that was verified before; at once, unless revocations have to be asked for. */
  recall(token: string, cache = this.cache): Principal | Promise<Principal> | undefined {
    const now = this.clock.now();
    const principal = cache.get(token, now.getTime());
    if (principal === undefined || !this.asksAgain) return principal;
    // One that has ended is refused where it is verified.
    if (isEndedAccessKey(principal.claims, this.config, now)) return undefined;
    return this.confirmed(principal);
  }

  /** The same of a token that is bound to a key: good with a proof of it alone. */
  recallBound(token: string): Principal | Promise<Principal> | undefined {
    return this.recall(token, this.boundTokens);
  }

  /**
   * Verifies a token and makes its principal.
   * @throws {InvalidTokenError} with the reason why it is refused.
   * @throws {IssuerUnavailableError} Nothing can be said, because the issuer's keys cannot be had.
   * @throws {OverloadedError} Nothing can be said, because too many tokens are being verified.
   */
  verify(token: string): Promise<Principal> {
    const { watch } = this;
    if (watch?.tracer.isActive !== true) return this.confirmed(this.verifyNew(token));
    const verify = (): Promise<Principal> => this.confirmed(this.verifyNew(token));
    return inVerificationSpan(watch.tracer, verify, (principal) => watch.reports.kindOf(principal));
  }

  private confirmed<Verdict extends Principal | Promise<Principal>>(verdict: Verdict): Verdict | Promise<Principal> {
    const { revocation, httpTimeoutMs } = this.config;
    return revocation === undefined ? verdict : unlessRevoked(verdict, revocation, httpTimeoutMs);
  }

  private async verifyNew(token: string): Promise<Principal> {
    const { opaqueTokens } = this;
    if (opaqueTokens?.takes(token)) return this.lookUp(token, opaqueTokens);
    let signed: Signed;
    try {
      signed = await this.verifyJws(token);
    } catch (error) {
      if (opaqueTokens?.takesInstead(token, error)) return this.lookUp(token, opaqueTokens);
      throw error;
    }
    const { candidate, key } = signed;
    const nowMs = this.clock.now().getTime();
    const principal = this.principalOf(candidate, nowMs);
    const { expectations } = candidate.issuer.config;
    const verified = {
      principal,
      key,
      keys: candidate.issuer.keys,
      validUntilMs: validUntil(principal.claims, expectations) * 1000,
    };
    this.remember(token, verified, nowMs);
    this.watch?.reports.noteVerified(principal);
    return principal;
  }

  /** Asks the issuer about a token that says nothing, or nothing that can be verified here. */
  private async lookUp(token: string, opaqueTokens: OpaqueTokens): Promise<Principal> {
    const { principal, notices, validUntilMs } = await opaqueTokens.resolve(token);
    this.tell(principal, notices);
    const verified = { principal, keys: undefined, key: undefined, validUntilMs };
    this.remember(token, verified, this.clock.now().getTime());
    this.watch?.reports.noteVerified(principal, 'opaque');
    return principal;
  }

  private remember(token: string, verified: VerifiedToken, nowMs: number): void {
    for (const cache of [this.cache, this.boundTokens]) cache.set(token, verified, nowMs);
  }

  /** Everything but the claims, which are looked at when nothing can be wrong any more but them. */
  private async verifyJws(token: string): Promise<Signed> {
    const candidate = this.takeApart(token);
    return { candidate, key: await this.verifyingKey(candidate) };
  }

  private takeApart(token: string): Candidate {
    const parts = splitCompactJws(token);
    const header = this.headerOf(parts.header);
    const { alg } = header;
    if (!isAcceptedAlgorithm(alg, this.config.algorithms)) {
      throw new InvalidTokenError(
        'algorithm',
        `the token's algorithm ${JSON.stringify(alg.slice(0, 20))} is not accepted: ${this.config.algorithms.join(' or ')} would be`,
      );
    }
    const kind = this.kindOf(header);
    const claims = decodeClaims(parts.payload);
    return {
      header,
      algorithm: alg,
      claims,
      issuer: this.issuers.get(claims.iss, kind),
      signingInput: token.slice(0, parts.header.length + 1 + parts.payload.length),
      signature: decodeSignature(parts.signature),
    };
  }

  /** @see RFC 8725 §3.11, RFC 9068 §4 */
  private kindOf({ typ }: JoseHeader): TokenKind {
    const kind = tokenKindOf(typ);
    if (kind === undefined) throw new InvalidTokenError('type', 'the header type is not that of an access token');
    if (kind === 'access' && this.config.profile === 'rfc9068' && !/^(application\/)?at\+jwt$/i.test(typ ?? '')) {
      throw new InvalidTokenError('type', 'the header type is not that of an RFC 9068 access token ("at+jwt")');
    }
    return kind;
  }

  /** Tokens of one key share their header, letter by letter: it is decoded once. */
  private headerOf(part: string): JoseHeader {
    const known = this.headers.get(part);
    if (known) return known;
    const header = decodeJoseHeader(part);
    if (this.headers.size >= MAX_CACHED_HEADERS) this.headers.clear();
    if (part.length <= 512) this.headers.set(part, header);
    return header;
  }

  private async verifyingKey({ header, algorithm, issuer, signingInput, signature }: Candidate): Promise<PublicKey> {
    const found = issuer.keys.find({ kid: header.kid, algorithm, issuer: issuer.config.issuer });
    const candidates = found instanceof Promise ? await this.keyWaits.hold(found) : found;
    this.signatureChecks.enter();
    try {
      for (const key of candidates.slice(0, 4)) {
        if (await verifySignature(key, algorithm, signingInput, signature)) return key;
      }
    } finally {
      this.signatureChecks.leave();
    }
    const named =
      header.kid === undefined ? 'the only key that fits' : `the key ${JSON.stringify(header.kid.slice(0, 100))}`;
    throw new InvalidTokenError('signature', `the signature does not verify with ${named} of ${issuer.config.issuer}`);
  }

  private principalOf({ claims, issuer }: Candidate, nowMs: number): Principal {
    checkClaims(claims, issuer.config.expectations, nowMs / 1000);
    if (issuer.config.kind === 'access-key') return principalOfAccessKey(claims, this.config, new Date(nowMs));
    if (issuer.config.kind !== 'access') return principalOfMintedClaims(claims, issuer.config.kind);
    const notices: MappingNotice[] = [];
    const principal = principalOfClaims(claims, issuer.config.mapping, (notice) => notices.push(notice));
    this.tell(principal, notices);
    return principal;
  }

  private tell(principal: Principal, notices: readonly MappingNotice[]): void {
    if (notices.length > 0 || principal.groupsOverage) this.watch?.onNotices(principal, notices);
  }
}
