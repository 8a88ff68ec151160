import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { Controller, Get, Logger } from '@nestjs/common';
import {
  AuthModule,
  type AuthModuleOptions,
  Clock,
  MemoryRevocation,
  OptionalAuth,
  Principal,
  RequireAudience,
  RequireScopes,
} from '@nmp/auth';
import { type EndpointRequest, ProofKey, type TestIssuer, type TestIssuerOptions } from '@nmp/auth/testing';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { adapters, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { SetClock } from './support/set-clock.js';

@Controller()
class WhoController {
  @Get('who')
  who(@Principal() principal: Principal) {
    return principal;
  }

  @Get('orders')
  @RequireScopes('orders:read')
  orders() {
    return {};
  }

  @Get('billing')
  @RequireAudience('billing')
  billing() {
    return {};
  }

  @Get('optional')
  @OptionalAuth()
  optional(@Principal('kind') kind: string) {
    return { kind };
  }
}

/** A provider whose discovery document names no introspection endpoint. */
const withoutEndpoint: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  const text = await answer.text();
  return new Response(text.replace('"introspection_endpoint"', '"other_endpoint"'), answer);
};

const secret = 'the-secret: of nmp-api/+%';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const asking = { introspectOpaqueTokens: true, introspectionClientId: 'nmp-api', introspectionClientSecret: secret };

describe.each(adapters)('opaque tokens on %s', (adapter) => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((part) => part.close()));
  });

  async function start(
    oidc: AuthModuleOptions['oidc'] = {},
    options: Partial<AuthModuleOptions> = {},
    of: TestIssuerOptions = {},
  ) {
    const clock = new SetClock();
    const issuer = await startIssuer({ clock, ...of });
    const given = { issuer: issuer.issuer, clientId: 'nmp-cli', ...asking, ...oidc };
    const { app, url } = await startApp(adapter, {
      imports: [AuthModule.forRoot({ ...options, oidc: given })],
      controllers: [WhoController],
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
    });
    running.push(app, issuer);
    const get = async (token: string, path = '/who') => {
      const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
    };
    return { clock, issuer, url, get, status: async (token: string, path?: string) => (await get(token, path)).status };
  }

  const asked = ({ introspection }: TestIssuer): readonly EndpointRequest[] => introspection.requests;

  it('become the principals that their claims describe', async () => {
    const { issuer, get } = await start();
    const token = issuer.opaqueToken({ groups: ['team-ml'], scope: 'orders:read openid', claims: { jti: 'j' } });
    const { body } = await get(token);
    expect(body).toMatchObject({
      kind: 'user',
      id: 'user-1',
      email: 'user@example.com',
      emailVerified: true,
      groups: ['team-ml'],
      scopes: ['orders:read', 'openid'],
      issuer: issuer.issuer,
      clientId: 'nmp-cli',
      expiresAt: '2030-01-01T00:05:00.000Z',
      claims: { jti: 'j', token_type: 'Bearer', aud: 'nmp-cli' },
    });
    expect(body.claims).not.toHaveProperty('active');
    const ofClient = issuer.opaqueToken({ subject: 'jobs', claims: { client_id: 'jobs' } });
    expect((await get(ofClient)).body).toMatchObject({ kind: 'client', id: 'jobs' });
  });

  it('are warned of at the start when the provider names no endpoint', async () => {
    const said = new Promise<string>((resolve) => {
      jest.spyOn(Logger.prototype, 'warn').mockImplementation((message: unknown) => {
        if (String(message).includes('introspection_endpoint')) resolve(String(message));
      });
    });
    await start({}, { fetch: withoutEndpoint });
    expect(await said).toMatch(/ 503 until oidc\.introspectionEndpoint says where to ask$/);
    jest.restoreAllMocks();
  });

  it('are let through by scopes and audiences as JWTs are', async () => {
    const { issuer, status } = await start();
    const plain = issuer.opaqueToken({ scope: 'openid' });
    const both = issuer.opaqueToken({ scope: 'orders:read', audience: ['nmp-cli', 'billing'] });
    for (const token of [plain, plain]) {
      expect([await status(token, '/orders'), await status(token, '/billing')]).toEqual([403, 401]);
    }
    expect([await status(both, '/orders'), await status(both, '/billing')]).toEqual([200, 200]);
    expect(await status('opaque.unknown', '/optional')).toBe(401);
  });

  it('are refused without a question where nothing is configured', async () => {
    const { issuer, get } = await start({
      introspectOpaqueTokens: false,
      introspectionClientId: undefined,
      introspectionClientSecret: undefined,
    });
    const { status, body } = await get(issuer.opaqueToken());
    expect([status, body.code, asked(issuer).length]).toEqual([401, 'token_malformed', 0]);
  });

  it('leave JWTs to be verified without a question', async () => {
    const { issuer, status } = await start();
    expect(await status(await issuer.accessToken())).toBe(200);
    expect(await status(await issuer.accessToken({ expiresInSeconds: -60 }))).toBe(401);
    expect(asked(issuer)).toEqual([]);
  });

  it('are asked about once by any number of requests at a time, and not again while the answer holds', async () => {
    const { clock, issuer, status } = await start();
    const token = issuer.opaqueToken({ expiresInSeconds: 3600 });
    expect(new Set(await Promise.all(Array.from({ length: 50 }, () => status(token))))).toEqual(new Set([200]));
    clock.advance(59);
    expect([await status(token), asked(issuer).length]).toEqual([200, 1]);
    clock.advance(1);
    expect([await status(token), asked(issuer).length]).toEqual([200, 2]);
  });

  it.each([
    ['opaqueTokenCacheSeconds: 0', { opaqueTokenCacheSeconds: 0 }, {}],
    ['cache: false', {}, { cache: false as const }],
  ])('are asked about for every request with %s', async (_what, oidc, options) => {
    const { issuer, status } = await start(oidc, options);
    const token = issuer.opaqueToken();
    expect([await status(token), await status(token), asked(issuer).length]).toEqual([200, 200, 2]);
    issuer.revokeOpaqueToken(token);
    expect([await status(token), await status(token), asked(issuer).length]).toEqual([401, 401, 4]);
  });

  it('are remembered as refused for five seconds', async () => {
    const { clock, issuer, status } = await start();
    expect([await status('unknown'), await status('unknown'), asked(issuer).length]).toEqual([401, 401, 1]);
    issuer.tell('unknown', { active: true, token_type: 'Bearer', sub: 'user-1', aud: 'nmp-cli' });
    clock.advance(5);
    expect([await status('unknown'), asked(issuer).length]).toEqual([200, 2]);
  });

  it('live for a minute when nobody says for how long', async () => {
    const { clock, issuer, get, status } = await start({ opaqueTokenCacheSeconds: 3600 });
    const token = issuer.opaqueToken({ claims: { exp: undefined, iss: undefined } });
    expect((await get(token)).body).toMatchObject({ issuer: issuer.issuer, expiresAt: '2030-01-01T00:01:00.000Z' });
    issuer.revokeOpaqueToken(token);
    clock.advance(59);
    expect(await status(token)).toBe(200);
    clock.advance(1);
    expect(await status(token)).toBe(401);
  });

  it('are revoked as JWTs are, those of unknown age too', async () => {
    const clock = new SetClock();
    const revocation = new MemoryRevocation(() => clock.now().getTime() / 1000);
    const { issuer, get } = await start({}, { revocation });
    const code = async (token: string) => (await get(token)).body.code;
    const tokens = [issuer.opaqueToken(), issuer.opaqueToken({ claims: { iat: undefined } })];
    for (const token of tokens) expect(await code(token)).toBeUndefined();
    revocation.revokeSubject(issuer.issuer, 'user-1', 3600);
    for (const token of tokens) expect(await code(token)).toBe('token_revoked');
    const later = issuer.opaqueToken({ claims: { iat: clock.now().getTime() / 1000 + 31 } });
    expect(await code(later)).toBe('token_not_yet_valid');
    const renewed = issuer.opaqueToken({ subject: 'user-2', claims: { iat: undefined } });
    expect(await code(renewed)).toBeUndefined();
  });

  it('have to say how old they are where their age is limited', async () => {
    const { issuer, get, status } = await start({}, { maxTokenAgeSeconds: 60 });
    const now = new SetClock().now().getTime() / 1000;
    const ofAge = (iat: number | null | undefined): string => issuer.opaqueToken({ claims: { iat } });
    expect(await status(ofAge(now - 80))).toBe(200);
    expect((await get(ofAge(now - 91))).body.code).toBe('token_expired');
    for (const iat of [undefined, null]) expect((await get(ofAge(iat))).body.code).toBe('token_claims');
  });

  it('may come without an audience where their client counts, or without a kind where that is allowed', async () => {
    const byClient = await start({ acceptAuthorizedParty: true });
    const ofNobody = (client: string): string =>
      byClient.issuer.opaqueToken({ claims: { aud: undefined, client_id: client } });
    expect([await byClient.status(ofNobody('nmp-cli')), await byClient.status(ofNobody('other'))]).toEqual([200, 401]);
    const untyped = await start({ introspectionRequiresTokenType: false });
    expect(await untyped.status(untyped.issuer.opaqueToken({ claims: { token_type: undefined } }))).toBe(200);
    expect(await untyped.status(untyped.issuer.opaqueToken({ claims: { token_type: 'mac' } }))).toBe(401);
  });

  it('are looked up where the options say, without any discovery', async () => {
    const elsewhere = await startIssuer({ clock: new SetClock(), path: '/tenant' });
    running.push(elsewhere);
    const endpoint = `${elsewhere.issuer}/introspect`;
    const { issuer, status } = await start({ introspectionEndpoint: endpoint });
    issuer.fail('refuse');
    elsewhere.tell('known-there', { active: true, token_type: 'bearer', sub: 'user-1', aud: 'nmp-cli' });
    expect([await status('known-there'), asked(issuer).length, asked(elsewhere).length]).toEqual([200, 0, 1]);
  });

  it('are asked about with the secret in the header, or in the form', async () => {
    const basic = await start();
    expect(await basic.status(basic.issuer.opaqueToken())).toBe(200);
    const [{ method, headers, form }] = asked(basic.issuer) as [EndpointRequest];
    // RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
    const parts = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64')
      .toString()
      .split(':');
    expect(parts.map((part) => decodeURIComponent(part.replaceAll('+', ' ')))).toEqual(['nmp-api', secret]);
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect([method, headers.accept, [...form.keys()].sort()]).toEqual([
      'POST',
      'application/json',
      ['token', 'token_type_hint'],
    ]);

    const post = await start({ introspectionAuthMethod: 'client_secret_post' });
    expect(await post.status(post.issuer.opaqueToken())).toBe(200);
    const [inForm] = asked(post.issuer) as [EndpointRequest];
    expect(inForm.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(inForm.form)).toMatchObject({ client_id: 'nmp-api', client_secret: secret });
  });

  it.each<[string, string, () => KeyPairKeyObjectResult, { kid?: string; alg?: string } | undefined]>([
    ['RSA in PEM', 'RS256', () => rsa, undefined],
    ['EC as a JWK', 'ES256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }), { kid: 'key-1' }],
    ['Ed25519 as a JWK', 'Ed25519', () => generateKeyPairSync('ed25519'), {}],
    ['RSA-PSS as a JWK', 'PS256', () => rsa, { alg: 'PS256' }],
  ])('are asked about with an assertion signed with %s', async (_what, alg, generate, jwk) => {
    const { privateKey, publicKey } = generate();
    const text = jwk
      ? JSON.stringify({ ...privateKey.export({ format: 'jwk' }), ...jwk })
      : privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const { issuer, status } = await start({ introspectionClientSecret: undefined, introspectionPrivateKey: text });
    expect([await status(issuer.opaqueToken()), await status(issuer.opaqueToken())]).toEqual([200, 200]);
    const assertions = asked(issuer).map(({ form }) => form.get('client_assertion') ?? '');
    const verified = await Promise.all(
      assertions.map((assertion) => jwtVerify(assertion, publicKey, { audience: issuer.issuer, issuer: 'nmp-api' })),
    );
    expect(verified.map(({ payload }) => payload.sub)).toEqual(['nmp-api', 'nmp-api']);
    expect(new Set(verified.map(({ payload }) => payload.jti)).size).toBe(2);
    expect(decodeProtectedHeader(assertions[0] ?? '')).toMatchObject({ alg, ...(jwk?.kid && { kid: jwk.kid }) });
    expect(asked(issuer)[0]?.form.get('client_assertion_type')).toBe(
      'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    );
  });

  it('are good with a proof alone where they are bound to a key', async () => {
    const publicUrl = 'https://api.example.com';
    const { clock, issuer, url, status } = await start({}, { dpop: {}, publicUrl });
    const key = await ProofKey.generate('ES256', clock);
    const bind = (claims: object): string =>
      issuer.opaqueToken({ claims: { cnf: { jkt: key.thumbprint }, ...claims } });
    for (const token of [bind({ token_type: 'DPoP' }), bind({})]) {
      const prove = async (): Promise<number> => {
        const headers = { authorization: `DPoP ${token}`, dpop: key.proof({ url: `${publicUrl}/who`, token }) };
        return (await fetch(`${url}/who`, { headers })).status;
      };
      expect([await status(token), await prove(), await prove(), await status(token)]).toEqual([401, 200, 200, 401]);
    }
    expect(asked(issuer)).toHaveLength(2);
  });

  it('are refused when they are bound to a key and nobody asks for proofs', async () => {
    const { issuer, get } = await start();
    const cnf = { jkt: (await ProofKey.generate()).thumbprint };
    for (const type of ['DPoP', 'Bearer']) {
      const { body } = await get(issuer.opaqueToken({ claims: { cnf, token_type: type } }));
      expect(body.code).toBe('token_claims');
    }
  });

  it('tell nobody what the service asks with', async () => {
    const { url } = await start();
    const discovery = await (await fetch(`${url}/apis/auth/discovery`)).text();
    expect(discovery).toContain('nmp-cli');
    for (const part of ['nmp-api', secret, 'introspect']) expect(discovery).not.toContain(part);
  });
});
