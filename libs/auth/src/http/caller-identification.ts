import {
  acrValuesOf,
  type Claims,
  hasAudience,
  InvalidRequestError,
  InvalidTokenError,
  isIdentityHeader,
  meetsAuthContext,
  type Principal,
  StepUpRequiredError,
} from '@nmp/tokens';
import type { AuthConfig } from '../auth-config.js';
import { noteForwardedCertificate } from '../carriers/client-certificate.js';
import { dropHeaders, httpCarrier, type HttpRequest, isCutShort, takeHeader } from '../carriers/http.js';
import type { Clock } from '../clock.js';
import type { JwtStrategy } from '../token/jwt.strategy.js';
import type { RouteRules } from './route-rules.js';
import { TrustedGateway } from './trusted-gateway.js';

/** Finds out who makes a request, or a call in the form of one: by its bearer token, or by its trusted gateway's word. */
export class CallerIdentification {
  private readonly gateway: TrustedGateway | undefined;
  /** Where the gateway writes the certificate of the client, if it does. */
  private readonly certificateHeader: string | undefined;
  private readonly ownHeaders: readonly string[];

  constructor(
    config: AuthConfig,
    private readonly strategy: JwtStrategy,
    private readonly clock: Clock,
  ) {
    this.gateway = config.trustedHeaders && new TrustedGateway(config.trustedHeaders);
    this.certificateHeader = config.mtls?.source === 'header' ? config.mtls.header : undefined;
    const own = [this.gateway?.secretHeader, this.certificateHeader];
    this.ownHeaders = own.filter((name) => name !== undefined);
  }

  /** Whether only the gateway may write a header: no handler gets to see it. */
  isOfGateway(name: string): boolean {
    return isIdentityHeader(name) || (this.ownHeaders.length > 0 && this.ownHeaders.includes(name.toLowerCase()));
  }

  /**
   * Identifies the caller; what only a gateway may write is not in the request any more afterwards.
   * @throws {AuthError} why there is no principal; or the promise is rejected with it.
   */
  identify(request: HttpRequest): Principal | Promise<Principal> {
    if (isCutShort(request)) throw tooManyHeaders();
    const named = this.principalOfHeaders(request);
    this.forget(request);
    return named ?? this.identifyByToken(request);
  }

  /** Identifies the caller by the token alone. */
  identifyByToken(request: HttpRequest): Principal | Promise<Principal> {
    return this.strategy.run(httpCarrier(request), true);
  }

  /** Removes what only a gateway may write. */
  forget(request: HttpRequest): void {
    if (this.certificateHeader !== undefined) this.takeCertificate(request, this.certificateHeader);
    dropHeaders(request, this.gateway?.secretHeader);
  }

  /**
   * What a route asks of a token is asked again of a token that was verified before.
   * @throws {InvalidTokenError} It is not for the audience of the route.
   * @throws {StepUpRequiredError} The sign-in was too weak, or too long ago.
   */
  expectRules(principal: Principal, { audiences, authContexts }: RouteRules): void {
    for (const audience of audiences) {
      if (!hasAudience(principal.claims, audience)) {
        const carried = JSON.stringify(principal.claims.aud)?.slice(0, 200) ?? 'none';
        throw new InvalidTokenError(
          'audience',
          `the route needs audience ${audience.join(' or ')}, and the token carries ${carried}`,
        );
      }
    }
    for (const requirement of authContexts) {
      const nowSeconds = this.clock.now().getTime() / 1000;
      if (!meetsAuthContext(principal.claims, requirement, nowSeconds)) {
        const message = `The sign-in behind the token is too weak or too old: ${signInOf(principal.claims, nowSeconds)}`;
        throw new StepUpRequiredError(acrValuesOf(requirement), requirement.maxAgeSeconds, message);
      }
    }
  }

  /** Whoever else could write it could name the certificate that a stolen token is bound to. @see RFC 9440 §4 */
  private takeCertificate(request: HttpRequest, header: string): void {
    const isBelieved = request.headers[header] !== undefined && this.gateway?.isFromGateway(request) === true;
    const certificate = takeHeader(request, header);
    if (isBelieved && certificate !== undefined) noteForwardedCertificate(request.raw ?? request, certificate);
  }

  /** A bearer token beats the gateway's headers always. */
  protected principalOfHeaders(request: HttpRequest): Principal | undefined {
    return request.headers.authorization === undefined ? this.gateway?.principalOf(request) : undefined;
  }
}

/** What a token says of the sign-in behind it, for the log. */
function signInOf({ acr, auth_time: authTime }: Claims, nowSeconds: number): string {
  const when = typeof authTime === 'number' ? `${Math.round(nowSeconds - authTime)} s ago` : 'at no time that it says';
  return `"acr" is ${JSON.stringify(acr)?.slice(0, 100) ?? 'not there'}, it was ${when}`;
}

function tooManyHeaders(): InvalidRequestError {
  const message = 'The request has too many headers';
  return new InvalidRequestError(message, { detail: message });
}
