import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from './load-config.js';
import { PolicyConfig } from './policy-config.js';

const configFolder = fileURLToPath(new URL('../../config/', import.meta.url));
let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nmp-config-'));
  file = join(directory, 'platform.yaml');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('loadConfig', () => {
  it('reads every kind of setting from the file', () => {
    const config = load(`
      server: { host: 0.0.0.0, port: 9000 }
      public_url: https://platform.example.com/
      data_dir: /var/lib/nmp
      database: { url: "postgres://nmp@db.example.com:5432/nmp" }
      audit: { retention_days: 30 }
      log: { level: debug }
      auth:
        admin_email: root@example.com
        clock_tolerance_seconds: 5
        cache: { max: 5, ttl_seconds: 6 }
        oidc:
          issuer: https://idp.example.com
          client_id: nmp-cli
          audience: [a, b]
          additional_issuers:
            - https://sts.example.com/
            - { issuer: https://ci.example.com, jwks_uri: https://ci.example.com/keys, shares_users: false }
    `);
    expect(config).toEqual({
      server: { host: '0.0.0.0', port: 9000 },
      publicUrl: 'https://platform.example.com',
      dataDir: '/var/lib/nmp',
      databaseUrl: 'postgres://nmp@db.example.com:5432/nmp',
      exposure: expect.any(Object),
      loadLimits: expect.any(Object),
      metrics: expect.any(Object),
      audit: { retentionDays: 30 },
      log: { level: 'debug' },
      signingKeys: { rotationDays: 30 },
      messaging: {},
      auth: {
        publicUrl: 'https://platform.example.com',
        scopeEnforcement: 'when-present',
        adminEmail: 'root@example.com',
        clockToleranceSeconds: 5,
        cache: { max: 5, ttlSeconds: 6 },
        oidc: {
          issuer: 'https://idp.example.com',
          clientId: 'nmp-cli',
          audience: ['a', 'b'],
          additionalIssuers: [
            'https://sts.example.com/',
            { issuer: 'https://ci.example.com', jwksUri: 'https://ci.example.com/keys', sharesUsers: false },
          ],
        },
      },
      policy: new PolicyConfig(),
    });
  });

  it('has defaults for everything outside auth', () => {
    expect(load('')).toEqual({
      server: { host: '127.0.0.1', port: 8080 },
      exposure: {
        trustedProxies: [],
        corsOrigins: [],
        rateLimit: { publicRequestsPerMinute: 600, failuresPerMinute: 300 },
      },
      loadLimits: { maxPendingRequests: 1000, maxEventLoopDelayMs: 1000 },
      publicUrl: 'http://localhost:8080',
      dataDir: './data',
      databaseUrl: undefined,
      audit: { retentionDays: 90 },
      log: { level: 'info' },
      metrics: { enabled: true, host: '127.0.0.1', port: undefined },
      signingKeys: { rotationDays: 30 },
      messaging: {},
      auth: { publicUrl: 'http://localhost:8080', scopeEnforcement: 'when-present' },
      policy: new PolicyConfig(),
    });
  });

  it('says which file it looked for, when it found none and none was named', () => {
    expect(loadConfig({}).missingFile).toBe('./config/platform.yaml');
    expect(load('').missingFile).toBeUndefined();
  });

  it('lets the file and the environment choose another scope enforcement', () => {
    expect(load('auth: { scope_enforcement: always }').auth.scopeEnforcement).toBe('always');
  });

  it('lets the environment override the file, setting by setting', () => {
    const config = load(
      'server: { host: localhost, port: 1 }\nauth: { oidc: { issuer: https://a.example.com, client_id: a } }',
      {
        NMP_SERVER_PORT: '2',
        NMP_PUBLIC_URL: 'https://b.example.com',
        NMP_DATA_DIR: '/data',
        NMP_DATABASE_URL: 'postgresql://db.example.com/nmp',
        NMP_AUTH_ENABLED: 'false',
        NMP_AUTH_CACHE__MAX: '7',
        NMP_AUTH_HTTP_TIMEOUT_MS: '100',
        NMP_AUTH_OIDC__ISSUER: 'https://b.example.com',
        NMP_AUTH_OIDC__AUDIENCE: 'one, two',
        NMP_AUTH_OIDC__ADDITIONAL_ISSUERS: 'https://c.example.com',
        NMP_AUTH_OIDC__EMAIL_CLAIM: 'upn',
      },
    );
    expect(config).toMatchObject({
      server: { host: 'localhost', port: 2 },
      dataDir: '/data',
      databaseUrl: 'postgresql://db.example.com/nmp',
      auth: {
        enabled: false,
        cache: { max: 7 },
        httpTimeoutMs: 100,
        publicUrl: 'https://b.example.com',
        oidc: {
          issuer: 'https://b.example.com',
          clientId: 'a',
          audience: ['one', 'two'],
          additionalIssuers: ['https://c.example.com'],
          emailClaim: 'upn',
        },
      },
    });
  });

  it('reads how decisions are made, which is not for the auth module', () => {
    const { auth, policy } = load(
      `auth:
        policy_decision_point_provider: opa
        policy_decision_point_base_url: https://opa.example.com
        policy_data_refresh_interval: 10
        roles_file: roles.yaml`,
      { NMP_AUTH_POLICY_DECISION_POINT_TOKEN: 'secret-token', NMP_AUTH_ACCEPT_UNVERIFIED_EMAIL: 'true' },
    );
    expect(policy).toMatchObject({
      provider: 'opa',
      decisionPointUrl: 'https://opa.example.com',
      decisionPointToken: 'secret-token',
      refreshIntervalSeconds: 10,
      rolesFile: 'roles.yaml',
      acceptUnverifiedEmail: true,
    });
    expect(auth).toEqual({ publicUrl: 'http://localhost:8080', scopeEnforcement: 'when-present' });
  });

  it.each([
    ['policy_decision_point_provider: cedar', /provider must be embedded or opa/],
    ['policy_decision_point_provider: opa', /base_url must say where the Open Policy Agent is/],
    [
      '{ policy_decision_point_provider: opa, policy_decision_point_base_url: "http://opa.example" }',
      /must be an https URL/,
    ],
    ['policy_data_refresh_interval: 0', /policy_data_refresh_interval must be between 1 and 86400/],
    ['bundle_cache_seconds: -1', /bundle_cache_seconds must be between/],
    ['{ policy_decision_point_token: "a b" }', /policy_decision_point_token must be a bearer token/],
  ])('refuses auth: %s', (settings, problem) => {
    expect(() => load(settings.startsWith('{') ? `auth: ${settings}` : `auth:\n  ${settings}`)).toThrow(problem);
  });

  it.each([
    ['audit: { retention_days: 0 }', 'audit.retention_days must be between 1 and 3650'],
    ['audit: { retention_days: 3651 }', 'audit.retention_days must be between 1 and 3650'],
    ['audit: { retention_days: 1.5 }', 'audit.retention_days must be a whole number'],
    ['log: { level: loud }', 'log.level must be one of error, warn, info, debug'],
  ])('refuses %s', (settings, problem) => {
    expect(() => load(settings)).toThrow(problem);
  });

  it('reads who is trusted, who may read answers, how often clients may ask, and where the figures are', () => {
    const { exposure, metrics } = load(
      'server: { trusted_proxies: [10.0.0.0/8, "2001:db8::1"], cors: { origins: ["https://app.example.com"] }, rate_limit: { failures_per_minute: 7 } }',
      { NMP_SERVER_RATE_LIMIT_PUBLIC_REQUESTS_PER_MINUTE: '5', NMP_METRICS_PORT: '9090' },
    );
    expect(exposure).toEqual({
      trustedProxies: ['10.0.0.0/8', '2001:db8::1'],
      corsOrigins: ['https://app.example.com'],
      rateLimit: { publicRequestsPerMinute: 5, failuresPerMinute: 7 },
    });
    expect(metrics).toEqual({ enabled: true, host: '127.0.0.1', port: 9090 });
    expect(load('', { NMP_SERVER_RATE_LIMIT: 'false' }).exposure.rateLimit).toBe(false);
  });

  it.each([
    ['trusted_proxies: [0.0.0.0/0]', 'server.trusted_proxies must be addresses'],
    ['trusted_proxies: ["::ffff:0:0/96"]', 'server.trusted_proxies must not hold every address'],
    ['trusted_proxies: [0.0.0.0/1, 128.0.0.0/1]', 'server.trusted_proxies must not hold every address'],
    ['trusted_proxies: [10.0.0.0/33]', 'server.trusted_proxies must be addresses'],
    ['trusted_proxies: [proxy.example.com]', 'server.trusted_proxies must be addresses'],
    ['cors: { origins: ["*"] }', 'server.cors.origins must be origins'],
    ['cors: { origins: ["https://app.example.com/"] }', 'server.cors.origins must be origins'],
    ['cors: { origins: ["null"] }', 'server.cors.origins must be origins'],
    ['rate_limit: { failures_per_minute: 0 }', 'server.rate_limit.failures_per_minute must be between 1 and 1000000'],
  ])('refuses server: %s', (settings, problem) => {
    expect(() => load(`server: { ${settings} }`)).toThrow(problem);
  });

  it.each([
    ['metrics: { port: 70000 }', 'metrics.port must be between 0 and 65535'],
    ['server: { port: 9090 }\nmetrics: { port: 9090 }', 'metrics.port must not be server.port'],
    [
      'server: { port: 9090, host: 0.0.0.0 }\nmetrics: { port: 9090, host: 10.0.0.1 }',
      'metrics.port must not be server.port',
    ],
    ['metrics: { host: "a b" }', 'metrics.host must be a host name or an address'],
  ])('refuses %s', (settings, problem) => {
    expect(() => load(settings)).toThrow(problem);
  });

  it('takes the retention and the log level from variables', () => {
    const config = load('', { NMP_AUDIT_RETENTION_DAYS: '7', NMP_LOG_LEVEL: 'warn' });
    expect(config).toMatchObject({ audit: { retentionDays: 7 }, log: { level: 'warn' } });
  });

  it('switches the cache off by one variable', () => {
    expect(load('', { NMP_AUTH_CACHE: 'false' }).auth.cache).toBe(false);
  });

  it('looks at prefixed variables only', () => {
    const config = load('', {
      ISSUER: 'https://evil.example.com',
      CLIENT_ID: 'x',
      PORT: '1',
      HOST: 'x',
      ENABLED: 'false',
      NMP_BASE_URL: 'x',
    });
    expect(config.auth).toEqual({ publicUrl: 'http://localhost:8080', scopeEnforcement: 'when-present' });
    expect(config.server).toEqual({ host: '127.0.0.1', port: 8080 });
  });

  it.each<[string, string, Record<string, string>]>([
    ['the file', 'auth: { oidc: { login_parameters: { audience: "https://a.example.com", prompt_it: "x=y" } } }', {}],
    ['a variable', '', { NMP_AUTH_OIDC__LOGIN_PARAMETERS: 'audience=https://a.example.com, prompt_it=x=y' }],
  ])('takes parameters of the sign-in from %s, their names as they are', (_, yaml, environment) => {
    const { oidc } = load(yaml, environment).auth;
    expect(oidc?.loginParameters).toEqual({ audience: 'https://a.example.com', prompt_it: 'x=y' });
  });

  it.each([
    [
      'a parameter without value',
      '',
      { NMP_AUTH_OIDC__LOGIN_PARAMETERS: 'audience' },
      'NMP_AUTH_OIDC__LOGIN_PARAMETERS must be a comma list of name=value',
    ],
    [
      'a parameter that is a number',
      'auth: { oidc: { login_parameters: { a: 1 } } }',
      {},
      'auth.oidc.login_parameters must be a mapping of texts (put them in quotes)',
    ],
    [
      'a mistyped key',
      'auth: { oidc: { issuerr: x } }',
      {},
      'auth.oidc.issuerr is not a setting, did you mean auth.oidc.issuer?',
    ],
    [
      'camel case',
      'auth: { oidc: { clientId: x } }',
      {},
      'auth.oidc.clientId is not a setting, did you mean auth.oidc.client_id?',
    ],
    [
      'a key one level too high',
      'auth: { issuer: x }',
      {},
      'auth.issuer is not a setting, did you mean auth.oidc.issuer?',
    ],
    ['a key nobody knows', 'auth: { watermelon: x }', {}, 'auth.watermelon is not a setting'],
    ['an inherited name', 'auth: { constructor: x }', {}, 'auth.constructor is not a setting'],
    [
      'a key in an issuer entry',
      'auth: { oidc: { additional_issuers: [{ isuer: x }] } }',
      {},
      'auth.oidc.additional_issuers[0].isuer is not a setting, did you mean auth.oidc.additional_issuers[0].issuer?',
    ],
    [
      'a mistyped variable',
      '',
      { NMP_AUTH_OIDC__ISUER: 'x' },
      'NMP_AUTH_OIDC__ISUER is not a setting, did you mean NMP_AUTH_OIDC__ISSUER?',
    ],
    [
      'a variable with one underscore',
      '',
      { NMP_AUTH_OIDC_ISSUER: 'x' },
      'NMP_AUTH_OIDC_ISSUER is not a setting, did you mean NMP_AUTH_OIDC__ISSUER?',
    ],
    ['a quoted boolean', 'auth: { enabled: "false" }', {}, 'auth.enabled must be true or false'],
    ['a yes', 'auth: { enabled: yes }', {}, 'auth.enabled must be true or false'],
    ['a boolean variable of another spelling', '', { NMP_AUTH_ENABLED: '0' }, 'NMP_AUTH_ENABLED must be true or false'],
    [
      'an empty variable',
      '',
      { NMP_AUTH_ADMIN_EMAIL: '' },
      'NMP_AUTH_ADMIN_EMAIL must not be empty: remove it to use the default',
    ],
    [
      'an empty audience variable',
      '',
      { NMP_AUTH_OIDC__AUDIENCE: '' },
      'NMP_AUTH_OIDC__AUDIENCE must not be empty: remove it to use the default',
    ],
    [
      'an audience without a value',
      'auth: { oidc: { audience: } }',
      {},
      'auth.oidc.audience must be a text or a list of texts',
    ],
    [
      'a hole in a comma list',
      '',
      { NMP_AUTH_SCOPE_AREAS: 'a,,b' },
      'NMP_AUTH_SCOPE_AREAS must be a comma list without empty parts',
    ],
    ['a port with letters', '', { NMP_SERVER_PORT: '80x' }, 'NMP_SERVER_PORT must be a whole number'],
    ['a port with an exponent', '', { NMP_SERVER_PORT: '8e3' }, 'NMP_SERVER_PORT must be a whole number'],
    ['a port out of range', 'server: { port: 70000 }', {}, 'server.port must be between 0 and 65535'],
    [
      'a number as text',
      'auth: { oidc: { client_id: 12345 } }',
      {},
      'auth.oidc.client_id must be a text (put it in quotes)',
    ],
    ['a section that is a text', 'auth: oidc', {}, 'auth must be a mapping'],
    ['a cache that is a text', 'auth: { cache: true }', {}, 'auth.cache must be a mapping or false'],
    [
      'issuers that are no list',
      'auth: { oidc: { additional_issuers: x } }',
      {},
      'auth.oidc.additional_issuers must be a list',
    ],
    [
      'an issuer that is a number',
      'auth: { oidc: { additional_issuers: [1] } }',
      {},
      'auth.oidc.additional_issuers[0] must be a text or a mapping',
    ],
    [
      'a database of another make',
      'database: { url: "mysql://x/y" }',
      {},
      'database.url must be a PostgreSQL URL like postgres://user@host:5432/database',
    ],
    ['a public URL without scheme', 'public_url: platform.example.com', {}, 'public_url must be an http or https URL'],
  ])('refuses %s', (_, yaml, environment, problem) => {
    expect(() => load(yaml, environment)).toThrow(expect.objectContaining({ problems: [problem] }));
  });

  it('says everything that is wrong at once, in one line and without the values', () => {
    const attempt = () => load('servr: {}\nauth: { enabled: 1 }', { NMP_SERVER_PORT: 'secret', NMP_AUTH_X: 'secret' });
    expect(attempt).toThrow(
      'wrong configuration: servr is not a setting, did you mean server?; auth.enabled must be true or false; ' +
        'NMP_SERVER_PORT must be a whole number; NMP_AUTH_X is not a setting',
    );
  });

  it.each(['platform.example.yaml', 'quickstart.yaml'])('accepts config/%s', (name) => {
    const config = loadConfig({ NMP_CONFIG_FILE_PATH: join(configFolder, name) });
    expect(config.auth.oidc).toMatchObject({ clientId: 'nmp-cli', audience: 'nmp-platform' });
  });
});

function load(yaml: string, environment: Record<string, string> = {}) {
  writeFileSync(file, yaml);
  return loadConfig({ ...environment, NMP_CONFIG_FILE_PATH: file });
}
