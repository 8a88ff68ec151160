import { type AuthorizationCredentials, confirmationOf, InvalidTokenError, type Principal } from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import type { Clock } from '../clock.js';
import { checkCertificate } from './certificate-binding.js';
import { DpopCheck, type NonceListener } from './dpop-check.js';
import type { EvidenceReader } from './evidence.js';

/** Makes sure that whoever sends a token that is bound to keys holds them all. */
export class ProofOfPossession {
  /** Whether bound tokens can come at all; otherwise their claims are refused. */
  readonly isOffered: boolean;
  private readonly dpop: DpopCheck | undefined;

  constructor(
    config: AuthConfig,
    clock: Clock,
    private readonly readEvidence: EvidenceReader,
    onNonce: NonceListener,
  ) {
    this.dpop = config.dpop && new DpopCheck(config.dpop, config, clock, onNonce);
    this.isOffered = config.dpop !== undefined || config.mtls !== undefined;
  }

  /** Under which schemes tokens may come. */
  get schemes(): readonly AuthorizationCredentials['scheme'][] {
    return this.dpop === undefined ? ['bearer'] : ['bearer', 'dpop'];
  }

  /**
   * Checks what the sender of a verified token has to prove.
   * @param request that the token came with; without one, nothing is proven
   * @throws {AuthError} The promise is rejected with why it is not proven.
   */
  async confirm(principal: Principal, credentials: AuthorizationCredentials, request?: object): Promise<Principal> {
    const { scheme, token } = credentials;
    const confirmation = confirmationOf(principal.claims);
    if (scheme === 'dpop' && confirmation?.jkt === undefined) {
      // RFC 9449 §7.1: a proof says nothing of a token that names no key.
      throw refused('the token is not bound to a key, and was sent as if it were');
    }
    if (confirmation === undefined) return principal;
    if (request === undefined) throw refused('the token is bound to a key, and no proof of it can come this way');
    const evidence = this.readEvidence(request);
    const { jkt, 'x5t#S256': digest } = confirmation;
    if (digest !== undefined) checkCertificate(digest, evidence.certificate());
    if (jkt !== undefined) {
      if (scheme !== 'dpop' || this.dpop === undefined) {
        throw refused('the token is bound to a key, and was sent as a plain bearer token'); // RFC 9449 §7.2
      }
      await this.dpop.check(evidence, token, jkt);
    }
    return principal;
  }
}

function refused(message: string): InvalidTokenError {
  return new InvalidTokenError('claims', message);
}
