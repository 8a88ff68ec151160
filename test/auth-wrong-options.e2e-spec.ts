import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { AuthModule, type AuthModuleOptions } from '@nmp/auth';

describe('wrong options', () => {
  const problemsOf = async (options: unknown): Promise<readonly string[]> => {
    const building = Test.createTestingModule({
      imports: [AuthModule.forRoot(options as AuthModuleOptions)],
    }).compile();
    const error = await building.then(
      () => ({ problems: [] }),
      (reason: unknown) => reason as { problems: readonly string[] },
    );
    return error.problems;
  };
  const oidc = { issuer: 'https://idp.example.com', clientId: 'nmp-cli' };

  it('stop the bootstrap, all problems at once, each with its path', async () => {
    const problems = await problemsOf({
      enabled: 'yes',
      adminEmail: 'nobody',
      algorithms: ['RS256', 'none'],
      clockToleranceSeconds: 301,
      unknown: 1,
      oidc: {
        issuer: 'idp',
        clientId: '',
        audience: '',
        emailClaim: 'a..b"',
        additionalIssuers: ['https://ok.example', { issuer: 'x' }],
        isuer: 'typo',
      },
    });
    const paths = problems.map((problem) => problem.split(' ')[0] ?? '');
    expect(paths.toSorted()).toEqual([
      'adminEmail',
      'algorithms',
      'clockToleranceSeconds',
      'enabled',
      'oidc.additionalIssuers.1.issuer',
      'oidc.audience',
      'oidc.clientId',
      'oidc.emailClaim',
      'oidc.issuer',
      'oidc.isuer',
      'unknown',
    ]);
    expect(problems).toContain('oidc.issuer must be an https URL (plain http only on this machine)');
    expect(problems).toContain('unknown is not a known option');
    expect(problems).toContain('oidc.isuer is not a known option: did you mean issuer?');
    expect(await problemsOf({ oidc: { isuer: 'https://idp.example.com' } })).toEqual([
      expect.stringContaining('did you mean issuer?'),
      expect.stringContaining('oidc.issuer must be set'),
      expect.stringContaining('oidc.clientId must be set'),
    ]);
    expect(await problemsOf(undefined)).toEqual([
      expect.stringContaining('oidc.issuer must be set'),
      expect.any(String),
    ]);
  });

  it.each<[string, unknown, string]>([
    ['nothing at all', {}, 'oidc.issuer must be set'],
    [
      'an empty issuer',
      { oidc: { ...oidc, issuer: '' } },
      'oidc.issuer must be an https URL (plain http only on this machine), and is empty',
    ],
    ['no client', { oidc: { issuer: oidc.issuer } }, 'oidc.clientId must be set'],
    ['an undefined issuer', { oidc: { ...oidc, issuer: undefined } }, 'oidc.issuer must be set'],
    [
      'plain http to another machine',
      { oidc: { ...oidc, issuer: 'http://idp.example.com' } },
      'oidc.issuer must be an https',
    ],
    ['a null audience', { oidc: { ...oidc, audience: null } }, 'oidc.audience must not be null'],
    ['an empty list of audiences', { oidc: { ...oidc, audience: [] } }, 'oidc.audience must be a non-empty'],
    ['HMAC', { oidc, algorithms: ['HS256'] }, 'algorithms must be a non-empty list of RS256'],
    [
      'an issuer twice',
      { oidc: { ...oidc, additionalIssuers: [oidc.issuer] } },
      'oidc.additionalIssuers.0.issuer is listed twice',
    ],
    ['NaN seconds', { oidc, clockToleranceSeconds: Number.NaN }, 'clockToleranceSeconds must be'],
    ['seconds as text', { oidc, jwksCooldownSeconds: '30' }, 'jwksCooldownSeconds must be a whole number'],
    ['an unknown expiry', { oidc, websockets: { onExpiry: 'stay' } }, 'websockets.onExpiry must be "close" or "ask"'],
    ['a typo', { oidc, websockets: { graceSecond: 1 } }, 'websockets.graceSecond is not a known option: did you mean'],
    ['no options of sockets', { oidc, websockets: true }, 'websockets must be an object'],
    [
      'a template without tenants',
      { oidc: { ...oidc, issuer: 'https://x.example/{tenantid}' } },
      'oidc.tenants must list',
    ],
    ['tenants without a template', { oidc: { ...oidc, tenants: ['t'] } }, 'oidc.tenants needs an issuer with'],
    [
      'everybody as a tenant',
      { oidc: { ...oidc, issuer: 'https://x.example/{tenantid}', tenants: ['common'] } },
      'oidc.tenants must be ids',
    ],
    ['a revocation that cannot be asked', { oidc, revocation: {} }, 'revocation must be an object with'],
    ['trust without a condition', { oidc, trustedHeaders: {} }, 'trustedHeaders must name cidrs'],
    [
      'a service of an issuer nobody trusts',
      { oidc, serviceClients: [{ issuer: 'https://other.example.com', clientId: 'jobs', name: 'jobs' }] },
      'serviceClients.0.issuer must be oidc.issuer or one of oidc.additionalIssuers',
    ],
    [
      'two names for one client',
      { oidc, serviceClients: ['a', 'b'].map((name) => ({ issuer: oidc.issuer, clientId: 'jobs', name })) },
      'serviceClients.1.clientId is listed twice',
    ],
    [
      'a service with a name that could be another kind',
      { oidc, serviceClients: [{ issuer: oidc.issuer, clientId: 'jobs', name: 'group:x' }] },
      'serviceClients.0.name must be 1 to 63',
    ],
    ['a service without its client', { oidc, serviceClients: ['jobs'] }, 'serviceClients.0.clientId must be'],
    ['half a secret', { oidc, trustedHeaders: { secretHeader: 'x' } }, 'belong together'],
    [
      'a short secret',
      { oidc, trustedHeaders: { secretHeader: 'x', secret: 'short' } },
      'trustedHeaders.secret must be',
    ],
    ['no address range', { oidc, trustedHeaders: { cidrs: ['10.0.0.1/33'] } }, 'trustedHeaders.cidrs must be'],
    ['an unknown profile', { oidc, profile: 'oauth' }, 'profile must be'],
    ['a cache of nothing', { oidc, cache: { max: 0 } }, 'cache must be false or'],
    ['a time limit past what timers know', { oidc, httpTimeoutMs: 1e12 }, 'httpTimeoutMs must be a whole number'],
    ['a word for a list', { oidc, scopeAreas: 'models' }, 'scopeAreas must be a list'],
    ['an empty fragment', { oidc: { ...oidc, issuer: 'https://x.example/#' } }, 'oidc.issuer must be an https URL'],
    [
      'a parameter of the protocol',
      { oidc: { ...oidc, loginParameters: { Scope: 'x' } } },
      'oidc.loginParameters must map',
    ],
    ['a parameter without text', { oidc: { ...oidc, loginParameters: { a: 1 } } }, 'oidc.loginParameters must map'],
    ['a route for an address', { oidc, publicUrl: 'https://x.example/:id' }, 'publicUrl must have no query'],
    ['a query in an address', { oidc, publicUrl: 'https://x.example/?' }, 'publicUrl must have no query'],
  ])('%s', async (_what, options, problem) => {
    expect(await problemsOf(options)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });

  it.each<[string, unknown]>([
    ['the least there must be', { oidc }],
    ['http on this machine', { oidc: { ...oidc, issuer: 'http://localhost:8081' } }],
    ['http elsewhere, if told so', { allowInsecureHttp: true, oidc: { ...oidc, issuer: 'http://idp.example.com' } }],
    ['everything off', { enabled: false }],
    ['OIDC off', { oidc: { enabled: false } }],
    ['no audience check', { oidc: { ...oidc, verifyAudience: false } }],
  ])('are none of these: %s', async (_what, options) => {
    expect(await problemsOf(options)).toEqual([]);
  });
});
