import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AuthEvents } from '@nmp/auth';
import { type AccessTokenInput, SigningKey } from '@nmp/auth/testing';
import { adapters } from './support/http-apps.js';
import { type ExplainedApp, startExplainedApp } from './support/explained-app.js';

let lines: string[];
let service: ExplainedApp;

beforeEach(() => {
  lines = [];
  const note = (line: unknown): void => void lines.push(String(line));
  jest.spyOn(Logger.prototype, 'warn').mockImplementation(note);
  jest.spyOn(Logger.prototype, 'debug').mockImplementation(note);
});

afterEach(() => {
  jest.restoreAllMocks();
});

const bearer = async (input: AccessTokenInput = {}): Promise<string> =>
  `Bearer ${await service.issuer.accessToken(input)}`;

/** What is odd about a request; the code that answers it; what the line says, with the advice. */
type Row = readonly [odd: string, path: string, authorization: () => Promise<string>, code: string, line: RegExp];

const rows: readonly Row[] = [
  ['no token', '/', async () => '', 'missing_token', /^missing_token: No bearer token was sent → .*@Public\(\)/],
  [
    'another scheme',
    '/',
    async () => 'Basic eA==',
    'missing_token',
    /: The Authorization header has another scheme → /,
  ],
  ['two blanks', '/', async () => 'Bearer  x', 'malformed_request', /one space and one token → The client has to send/],
  ['no JWT', '/', async () => 'Bearer x', 'token_malformed', /three parts\) → .* oidc\.introspectOpaqueTokens/],
  [
    'another algorithm',
    '/',
    () => bearer({ header: { alg: 'HS256' } }),
    'token_algorithm',
    /algorithm "HS256" is not accepted: ES256 would be → Look at algorithms/,
  ],
  [
    'a forged signature',
    '/',
    async () => bearer({ key: await SigningKey.generate('ES256', service.issuer.signingKey.kid) }),
    'token_signature',
    /does not verify with the key ".+" of http:.* → .* oidc\.jwksUri/,
  ],
  [
    'another key',
    '/',
    () => bearer({ header: { kid: 'old' } }),
    'token_key',
    /none of the 1 keys of http:.* has the key id "old" and signs ES256 → .* jwksCooldownSeconds/,
  ],
  [
    'another issuer',
    '/',
    () => bearer({ claims: { iss: 'https://other.example' } }),
    'token_issuer',
    /from "https:\/\/other\.example", which is not trusted: http:\S+ would be → Look at oidc\.issuer/,
  ],
  [
    'another audience',
    '/',
    () => bearer({ audience: 'other-api' }),
    'token_audience',
    /carries audience \["other-api"\] and nmp-cli is expected.* → Look at oidc\.audience/,
  ],
  [
    'an expired token',
    '/',
    () => bearer({ expiresInSeconds: -3600 }),
    'token_expired',
    /expired 3600 s ago → .* clockToleranceSeconds/,
  ],
  [
    'a token of later',
    '/',
    () => bearer({ claims: { nbf: Math.floor(service.clock.now().getTime() / 1000) + 100 } }),
    'token_not_yet_valid',
    /"nbf" is in 100 s\) → Compare the clocks/,
  ],
  [
    'a token of the future',
    '/',
    () => bearer({ claims: { iat: Math.floor(service.clock.now().getTime() / 1000) + 90 } }),
    'token_not_yet_valid',
    /"iat" is in 90 s\).* → .*clockToleranceSeconds/,
  ],
  ['an ID token', '/', () => bearer({ claims: { nonce: 'n' } }), 'token_type', /its claim "nonce" says → .* profile/],
  [
    'no subject',
    '/',
    () => bearer({ claims: { sub: undefined } }),
    'token_claims',
    /no usable subject claim \(sub.*\) → .* oidc\.subjectClaim/,
  ],
  [
    'another audience than the route',
    '/audience',
    () => bearer(),
    'token_audience',
    /the route needs audience billing, and the token carries "nmp-cli" → .*@RequireAudience\(\)/,
  ],
  [
    'a weak sign-in',
    '/sign-in',
    () => bearer({ claims: { acr: 'silver', auth_time: Math.floor(service.clock.now().getTime() / 1000) - 5 } }),
    'step_up_required',
    /"acr" is "silver", it was 5 s ago → .*@RequireAuthContext\(\)/,
  ],
  [
    'another scope',
    '/scope',
    () => bearer({ scope: 'files:read' }),
    'insufficient_scope',
    /lacks a required scope: models:read; it has "files:read" → Look at @RequireScopes\(\)/,
  ],
  [
    'no permission',
    '/permission',
    () => bearer({ subject: 'bob' }),
    'access_denied',
    /"bob" lacks models\.read in ".*" → .*@RequirePermissions\(\)/,
  ],
  ['a refusal of the handler', '/own', () => bearer(), 'access_denied', /: only on Mondays → /],
];

describe.each(adapters)('in development, on %s,', (adapter) => {
  beforeAll(async () => {
    service = await startExplainedApp(adapter, { explainRefusals: true });
  });

  beforeEach(() => service.clock.advance(61));

  afterAll(() => service.close());

  it.each(rows)(
    '%s at %s is explained in one line, and answered with its code',
    async (_odd, path, make, code, line) => {
      const authorization = await make();
      const response = await service.get(path, authorization === '' ? undefined : authorization);
      expect(await response.json()).toMatchObject({ statusCode: response.status, code });
      expect(lines).toEqual([expect.stringMatching(line)]);
      expect(lines[0]).toMatch(new RegExp(`^${code}: .* \\(@nmp/auth/dist/errors\\.md#${code}\\)$`));
      const token = authorization.slice('Bearer '.length);
      for (const part of token.split('.').filter(({ length }) => length > 8)) expect(lines[0]).not.toContain(part);
    },
  );

  it('whoever may pass is not spoken of', async () => {
    expect((await service.get('/', await bearer())).status).toBe(200);
    expect((await service.get('/public')).status).toBe(200);
    expect(lines).toEqual([]);
  });

  it('a flood of invented issuers is one line, and the next says how many there were', async () => {
    const flood = async (): Promise<void> => {
      for (let at = 0; at < 30; at++)
        await service.get('/', await bearer({ claims: { iss: `https://${at}.example` } }));
    };
    await flood();
    expect(lines).toHaveLength(1);
    service.clock.advance(10);
    await flood();
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('(and 29 more like it in the last 10 seconds) → Look at oidc.issuer');
  });

  const hostile = ['\nWARN forged line', '\u001b[31mred', '\u202egnp.exe', '"; DROP', 'x'.repeat(10_000)];

  it.each(hostile)('a claim like %j makes one clean line', async (text) => {
    const odd: AccessTokenInput[] = [
      { claims: { iss: text } },
      { audience: text },
      { header: { kid: text } },
      { header: { alg: text } },
      { claims: { acr: text } },
      { scope: text },
      { subject: text },
    ];
    const paths = ['/', '/', '/', '/', '/sign-in', '/scope', '/permission'];
    for (const [at, input] of odd.entries()) {
      lines.length = 0;
      service.clock.advance(61);
      await service.get(paths[at] ?? '/', await bearer(input));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^[a-z_]+: [^\p{C}\p{Zl}\p{Zp}]+\(@nmp\/auth\/dist\/errors\.md#[a-z_]+\)$/u);
      expect(lines[0]?.length).toBeLessThan(1500);
    }
  });

  it('those who listen to the events hear what they hear elsewhere', async () => {
    const heard: unknown[] = [];
    const stop = service.app.get(AuthEvents).subscribe((event) => void heard.push(event));
    await service.get('/', 'Bearer x');
    stop();
    expect(heard).toEqual([
      { type: 'refused', code: 'token_malformed', reason: 'malformed', status: 401, transport: 'http' },
    ]);
    expect(lines).toHaveLength(1);
  });
});

describe('whether refusals are explained', () => {
  it.each([
    ['production', undefined, false],
    ['production', true, false],
    ['test', undefined, false],
    ['test', true, true],
    ['development', undefined, true],
    ['development', false, false],
    [undefined, undefined, true],
  ])('with NODE_ENV=%s and explainRefusals: %s is %s', async (nodeEnv, explainRefusals, isExplained) => {
    service = await startExplainedApp(
      'fastify',
      explainRefusals === undefined ? {} : { explainRefusals },
      nodeEnv ?? '',
    );
    try {
      await service.get('/');
      await service.get('/scope', await bearer({ scope: 'files:read' }));
      await service.get('/', 'Bearer x');
    } finally {
      await service.close();
    }
    const usual = [expect.stringMatching(/^token_malformed: the token is not a JWS in compact form \(three parts\)$/)];
    expect(lines).toEqual(
      isExplained ? ['missing_token', 'insufficient_scope', 'token_malformed'].map(explained) : usual,
    );
  });
});

function explained(code: string): unknown {
  return expect.stringMatching(new RegExp(`^${code}: .* → .*#${code}\\)$`));
}
