import { HttpStub } from './http-stub.js';
import type { StubAnswer } from './http-stub.js';
import { lookalikeToken } from './lookalike-token.js';

/** What a test says about a token; the rest is alice's. */
export interface StubTokenClaims {
  readonly now: Date;
  readonly lifeSeconds?: number;
  readonly scope?: string | undefined;
  readonly claims?: Record<string, unknown>;
}

const DEFAULT_SCOPE = 'openid profile email offline_access platform:read platform:write';

/** An identity provider whose every answer a test decides. */
export class StubIdp {
  private serial = 0;

  private constructor(readonly http: HttpStub) {}

  static async start(): Promise<StubIdp> {
    const idp = new StubIdp(await HttpStub.start());
    idp.http.on('GET /.well-known/openid-configuration', () => ({
      json: {
        issuer: idp.issuer,
        token_endpoint: idp.endpoint('/token'),
        revocation_endpoint: idp.endpoint('/revoke'),
      },
    }));
    idp.http.on('POST /revoke', { status: 200 });
    return idp;
  }

  get issuer(): string {
    return this.http.url;
  }

  endpoint(path: string): string {
    return this.http.url + path;
  }

  /** An access token that differs from every other one. */
  accessToken({ now, lifeSeconds = 3600, scope = DEFAULT_SCOPE, claims = {} }: StubTokenClaims): string {
    const iat = Math.floor(now.getTime() / 1000);
    this.serial += 1;
    return lookalikeToken({
      iss: this.issuer,
      sub: 'alice-id',
      aud: 'nmp-platform',
      email: 'alice@example.com',
      groups: ['team-ml'],
      scope,
      iat,
      exp: iat + lifeSeconds,
      jti: `t${this.serial}`,
      ...claims,
    });
  }

  /** The answer of a token endpoint that gives tokens. */
  tokens(token: StubTokenClaims, more: Record<string, unknown> = {}): StubAnswer {
    const answer = {
      access_token: this.accessToken(token),
      token_type: 'Bearer',
      expires_in: token.lifeSeconds ?? 3600,
      refresh_token: `refresh-${this.serial}`,
      scope: token.scope ?? DEFAULT_SCOPE,
    };
    return { json: { ...answer, ...more } };
  }

  /** The answer of a device authorization endpoint. */
  deviceCode(more: Record<string, unknown> = {}): StubAnswer {
    const answer = {
      device_code: 'secret-device-code',
      user_code: 'ABCD-EFGH',
      verification_uri: 'https://idp.example.com/device',
      expires_in: 600,
      interval: 5,
    };
    return { json: { ...answer, ...more } };
  }

  error(
    error: string,
    more: { status?: number; headers?: Record<string, string> } & Record<string, unknown> = {},
  ): StubAnswer {
    const { status = 400, headers = {}, ...members } = more;
    return { status, headers, json: { error, ...members } };
  }

  /** Makes the token endpoint rotate refresh tokens: each works once. */
  rotate(first: string, nextToken: () => StubTokenClaims): void {
    let valid = first;
    this.http.on('POST /token', ({ form }) => {
      if (form.grant_type !== 'refresh_token' || form.refresh_token !== valid) return this.error('invalid_grant');
      const answer = this.tokens(nextToken());
      valid = `refresh-${this.serial}`;
      return answer;
    });
  }

  get tokenRequests(): Record<string, string>[] {
    return this.http.requestsTo('/token').map((request) => request.form);
  }

  async close(): Promise<void> {
    await this.http.close();
  }
}
