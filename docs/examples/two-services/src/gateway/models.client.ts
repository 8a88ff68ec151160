import { BadGatewayException, HttpException, Inject, Injectable, ServiceUnavailableException } from '@nestjs/common';
import { GatewaySettings } from './gateway-settings.js';
import { HopTokens } from './hop-tokens.service.js';

const TIMEOUT_MS = 5_000;
const AUDIENCE = 'models';

/** Calls the models service in the name of the caller. */
@Injectable()
export class ModelsClient {
  constructor(
    @Inject(GatewaySettings) private readonly settings: GatewaySettings,
    @Inject(HopTokens) private readonly hopTokens: HopTokens,
  ) {}

  /**
   * @param authorization the header that the caller sent; it goes to the platform, never to the models service
   * @throws {HttpException} with the refusal of the models service: it decides, and the caller hears why.
   */
  async call(authorization: string, method: 'GET' | 'DELETE', path: string): Promise<unknown> {
    const token = await this.hopTokens.tokenFor(authorization, AUDIENCE);
    const response = await this.send(token, method, path);
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok && body !== undefined) return body;
    // The service does not take a token that the platform has just made: that is no fault of the caller's.
    if (response.status === 401 || typeof body !== 'object' || body === null) {
      throw new BadGatewayException(`The models service answered ${response.status}`);
    }
    throw new HttpException(body, response.status);
  }

  private async send(token: string, method: string, path: string): Promise<Response> {
    try {
      const headers = { authorization: `Bearer ${token}` };
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      return await fetch(this.settings.modelsUrl + path, { method, headers, redirect: 'manual', signal });
    } catch (cause) {
      throw new ServiceUnavailableException('The models service cannot be reached', { cause });
    }
  }
}
