import { BadGatewayException, Inject, Injectable, ServiceUnavailableException } from '@nestjs/common';
import { GatewaySettings } from './gateway-settings.js';

const TIMEOUT_MS = 5_000;

/** Gets hop tokens from the platform, for the caller whose access token it is given. */
@Injectable()
export class HopTokens {
  constructor(@Inject(GatewaySettings) private readonly settings: GatewaySettings) {}

  /**
   * @param authorization the header that the caller sent; the guard has verified its token
   * @param audience what the platform calls the service that the token is for
   * @throws {ServiceUnavailableException} when the platform cannot be asked.
   * @throws {BadGatewayException} when it does not give one: it trusts other tokens, or does not know the service.
   */
  async tokenFor(authorization: string, audience: string): Promise<string> {
    const url = new URL(`${this.settings.platformUrl}/apis/auth/authenticate`);
    url.searchParams.set('hop_audience', audience);
    const response = await this.ask(url, authorization);
    await response.body?.cancel();
    const token = response.headers.get('x-nmp-hop-token');
    if (response.ok && token !== null) return token;
    if (response.status === 503) throw new ServiceUnavailableException('The platform cannot verify tokens now');
    throw new BadGatewayException(`The platform gave no hop token (${response.status})`);
  }

  private async ask(url: URL, authorization: string): Promise<Response> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      return await fetch(url, { headers: { authorization }, redirect: 'manual', signal });
    } catch (cause) {
      throw new ServiceUnavailableException('The platform cannot be reached', { cause });
    }
  }
}
