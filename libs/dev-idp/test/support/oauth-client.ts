import type { JWTPayload } from 'jose';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { DevIdp } from '../../src/index.js';
import { FormBrowser } from '../../src/index.js';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
export const defaultScope = 'openid profile email offline_access platform:read platform:write';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, string>;
}

/** Speaks OAuth to a provider the way a client does: forms out, JSON in. */
export class OauthClient {
  constructor(private readonly idp: DevIdp) {}

  async post(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.idp.issuer}${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers,
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
  }

  token(form: Record<string, string>): Promise<Answer> {
    return this.post('/token', { client_id: 'nmp-cli', ...form });
  }

  password(form: Record<string, string> = {}): Promise<Answer> {
    const alice = { username: 'alice@example.com', password: 'alice-password', scope: defaultScope };
    return this.token({ grant_type: 'password', ...alice, ...form });
  }

  refresh(refreshToken: string | undefined, form: Record<string, string> = {}): Promise<Answer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken ?? '', ...form });
  }

  startDevice(form: Record<string, string> = {}): Promise<Answer> {
    return this.post('/device/auth', { client_id: 'nmp-cli', scope: defaultScope, ...form });
  }

  pollDevice(deviceCode: string | undefined): Promise<Answer> {
    return this.token({ grant_type: deviceGrant, device_code: deviceCode ?? '' });
  }

  /** Walks through the real pages as Alice. */
  async approve(verificationUri: string | undefined, browser = new FormBrowser()): Promise<FormBrowser> {
    await browser.open(verificationUri ?? '');
    await browser.submit({}, { button: 'Continue' });
    await browser.submit({ login: 'alice@example.com', password: 'alice-password' });
    return browser.submit({}, { button: 'Allow' });
  }

  /** The claims of a token whose signature, issuer and audience hold. */
  async verify(token: string | undefined, audience = 'nmp-platform', typ = 'at+jwt'): Promise<JWTPayload> {
    const keys = createRemoteJWKSet(new URL(`${this.idp.issuer}/jwks`));
    const options = { issuer: this.idp.issuer, audience, algorithms: ['RS256'], ...(typ === '' ? {} : { typ }) };
    return (await jwtVerify(token ?? '', keys, options)).payload;
  }

  userinfo(token: string | undefined): Promise<Response> {
    return fetch(`${this.idp.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
  }
}
