import { createHash, randomBytes } from 'node:crypto';
import {
  DpopNonceRequiredError,
  type DpopProof,
  InvalidDpopProofError,
  InvalidRequestError,
  InvalidTokenError,
  IssuerUnavailableError,
  requestUri,
  verifyDpopProof,
} from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { Clock } from '../clock.js';
import type { DpopConfig } from '../possession-config.js';
import { MemoryReplayStore, type ProofReplayStore } from '../replay-store.js';
import { within } from '../token/time-limit.js';
import type { Evidence } from './evidence.js';
import { ServerNonces } from './server-nonces.js';

/** Told that the client of a request should have a newer nonce. */
export type NonceListener = (request: object, nonce: string) => void;

interface Verdict {
  readonly token: string;
  readonly verdict: Promise<void>;
}

/** Checks that requests prove the possession of the key of their token. @see RFC 9449 §4.3 and §7 */
export class DpopCheck {
  private readonly store: ProofReplayStore;
  private readonly nonces: ServerNonces | undefined;
  /** A request may be asked about by several guards, and its proof is good once. */
  private readonly verdicts = new WeakMap<object, Verdict>();

  constructor(
    private readonly dpop: DpopConfig,
    private readonly config: Pick<AuthConfig, 'publicUrl' | 'clockToleranceSeconds' | 'httpTimeoutMs'>,
    private readonly clock: Clock,
    private readonly onNonce: NonceListener,
  ) {
    const { nonce, replayStore } = dpop;
    this.store = replayStore ?? new MemoryReplayStore(() => this.nowSeconds);
    this.nonces = nonce && new ServerNonces(nonce.secret ?? randomBytes(32), nonce.lifeSeconds, () => this.nowSeconds);
  }

  /**
   * @param thumbprint of the key that the token is bound to
   * @throws {InvalidDpopProofError} The promise is rejected with it: there is no proof, or it is no good.
   * @throws {DpopNonceRequiredError} It has no nonce of ours.
   * @throws {IssuerUnavailableError} Whether it was used before cannot be found out.
   */
  check(evidence: Evidence, token: string, thumbprint: string): Promise<void> {
    const known = this.verdicts.get(evidence.request);
    if (known?.token === token) return known.verdict;
    const verdict = this.verify(evidence, token, thumbprint);
    this.verdicts.set(evidence.request, { token, verdict });
    return verdict;
  }

  private async verify(evidence: Evidence, token: string, thumbprint: string): Promise<void> {
    const { method, uri } = this.addressOf(evidence);
    const proof = await verifyDpopProof(onlyProofOf(evidence), {
      algorithms: this.dpop.algorithms,
      method,
      uri,
      token,
      thumbprint,
      nowSeconds: this.nowSeconds,
      maxAgeSeconds: this.dpop.proofMaxAgeSeconds,
      clockToleranceSeconds: this.config.clockToleranceSeconds,
      checkNonce: (nonce) => this.checkNonce(nonce, evidence.request),
    });
    await this.useOnce(proof, thumbprint);
  }

  private addressOf({ method, target }: Evidence): { method: string; uri: string } {
    if (method === undefined || target === undefined) {
      throw new InvalidTokenError('claims', 'the token is bound to a key, and a proof of it can only come by HTTP');
    }
    const uri = requestUri(this.config.publicUrl ?? '', target);
    if (uri === undefined) throw new InvalidDpopProofError('uri', 'the target of the request is not a plain path');
    return { method, uri };
  }

  private checkNonce(nonce: string | undefined, request: object): void {
    if (this.nonces === undefined) return;
    const { current } = this.nonces;
    const judgement = nonce === undefined ? 'refused' : this.nonces.judge(nonce);
    if (judgement === 'refused') throw new DpopNonceRequiredError(current);
    if (judgement === 'aging') this.onNonce(request, current); // RFC 9449 §8.2
  }

  /** RFC 9449 §11.1: the signature held, so that nobody else can use up what is remembered. */
  private async useOnce({ jti, issuedAtSeconds }: DpopProof, thumbprint: string): Promise<void> {
    const id = createHash('sha256').update(jti).digest('base64url');
    const keepSeconds = issuedAtSeconds + this.dpop.proofMaxAgeSeconds - this.nowSeconds + 1;
    const { httpTimeoutMs } = this.config;
    const late = (): Error => new Error(`No answer within ${httpTimeoutMs} ms`);
    let isFirst: unknown;
    try {
      isFirst = await within(httpTimeoutMs, this.store.remember({ thumbprint, id, keepSeconds }), late);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new IssuerUnavailableError(`Whether a proof was used before cannot be found out: ${why}`, 5, { cause });
    }
    // Whatever a foreign implementation answers: only a plain yes lets the request pass.
    if (isFirst !== true) throw new InvalidDpopProofError('replayed');
  }

  private get nowSeconds(): number {
    return this.clock.now().getTime() / 1000;
  }
}

/** RFC 9449 §4.3, check 1. */
function onlyProofOf({ proofs }: Evidence): string {
  const [proof] = proofs;
  if (proofs.length > 1) {
    const message = 'several DPoP headers were sent';
    throw new InvalidRequestError(message, { detail: `Invalid DPoP proof: ${message}` });
  }
  if (proof === undefined) throw new InvalidDpopProofError('missing');
  return proof;
}
