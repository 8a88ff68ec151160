import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Settings } from './file-settings.js';
import { mintedConfigOf } from './minted-config.js';

const publicUrl = 'https://platform.example.com';
const oidc = {
  issuer: 'https://idp.example.com',
  client_id: 'nmp-cli',
  audience: ['nmp-platform', 'other'],
  additional_issuers: ['https://sts.example.com', { issuer: 'https://ci.example.com', audience: 'ci-platform' }],
};
const rule = {
  name: 'training',
  issuer: 'https://kubernetes.example.com',
  audience: 'nmp',
  subject: 'system:serviceaccount:ml:*',
  principal: { id: 'trainer', email: 'trainer@example.com', groups: ['team-ml'] },
  scopes: ['platform:read'],
};

describe('hop_tokens', () => {
  it('are none unless they are configured', () => {
    expect(mintedConfigOf({}, publicUrl, [])).toEqual({ signingKeys: { rotationDays: 30 } });
  });

  it('have their defaults', () => {
    const { config, problems } = read({ hop_tokens: { audiences: ['models', 'inference'] } });
    expect(problems).toEqual([]);
    expect(config.hopTokens).toEqual({ audiences: ['models', 'inference'], lifeSeconds: 60 });
  });

  it.each<[string, Settings, RegExp]>([
    ['no audience', {}, /^hop_tokens\.audiences must name the services/],
    ['an audience that no path can hold', { audiences: ['a/b'] }, /^hop_tokens\.audiences must be names/],
    ['an audience twice', { audiences: ['a', 'a'] }, /^hop_tokens\.audiences must name each service once/],
    ["the platform's audience", { audiences: ['nmp-platform'] }, /^hop_tokens\.audiences must not name nmp-platform/],
    ['another one of it', { audiences: ['other'] }, /must not name other/],
    ['that of another issuer', { audiences: ['ci-platform'] }, /must not name ci-platform/],
    ['that of workload tokens', { audiences: ['workloads'] }, /must not name workloads/],
    ['too long a life', { audiences: ['a'], life_seconds: 61 }, /^hop_tokens\.life_seconds must be between 10 and 60/],
    ['too short a life', { audiences: ['a'], life_seconds: 9 }, /^hop_tokens\.life_seconds must be between/],
  ])('stop the start with %s', (_, hopTokens, problem) => {
    const settings = { hop_tokens: hopTokens, token_exchange: { audience: 'workloads', rules: [rule] } };
    expect(read(settings).problems).toEqual([expect.stringMatching(problem)]);
  });

  it('must not have the client id for an audience where that is what access tokens are for', () => {
    const auth = { oidc: { issuer: 'https://idp.example.com', client_id: 'nmp-cli' } };
    expect(read({ hop_tokens: { audiences: ['nmp-cli'] }, auth }).problems).toHaveLength(1);
    expect(read({ hop_tokens: { audiences: ['nmp-cli'] } }).problems).toEqual([]);
  });
});

describe('token_exchange', () => {
  it('has its defaults', () => {
    const { config, problems } = read({ token_exchange: { rules: [rule] } });
    expect(problems).toEqual([]);
    expect(config.tokenExchange).toEqual({
      audience: 'https://platform.example.com/apis/auth/workloads',
      rules: [{ ...rule, scopes: ['platform:read'], claims: {}, lifeSeconds: 300 }],
    });
  });

  it('takes claims in place of a subject', () => {
    const { subject: _, ...rest } = rule;
    expect(read({ token_exchange: { rules: [{ ...rest, claims: { repository_id: '1' } }] } }).problems).toEqual([]);
  });

  it.each<[string, Settings, string]>([
    ['no condition', { subject: undefined }, ' must have a subject or claims'],
    ['an empty condition', { subject: undefined, claims: {} }, ' must have a subject or claims'],
    ['a subject that holds for everybody', { subject: '*:*' }, '.subject must name at least one segment'],
    ['half a wildcard', { subject: 'repo:acme-*' }, '.subject may have * only for a whole segment'],
    ['a claim without a value', { claims: { actor: '' } }, '.claims must give a value'],
    ['no audience', { audience: undefined }, '.audience must be a text'],
    ['no name', { name: undefined }, '.name must be'],
    ['no issuer', { issuer: undefined }, '.issuer must be an https URL'],
    ['an issuer over plain http', { issuer: 'http://kubernetes.example.com' }, '.issuer must be an https URL'],
    ['keys over plain http', { jwks_uri: 'http://kubernetes.example.com/keys' }, '.jwks_uri must be an https URL'],
    ['the platform itself', { issuer: 'https://platform.example.com/apis/auth' }, '.issuer must not be the platform'],
    ['no principal', { principal: undefined }, '.principal.id must be'],
    ['a service', { principal: { id: 'service:jobs' } }, '.principal.id must be'],
    ['everybody', { principal: { id: '*' } }, '.principal.id must be'],
    ['an id that is an e-mail address', { principal: { id: 'a@example.com' } }, '.principal.id must be'],
    ['an e-mail address that is none', { principal: { id: 'a', email: 'x' } }, '.principal.email must be'],
    ['a reserved group', { principal: { id: 'a', groups: ['service:x'] } }, '.principal.groups must be'],
    ['no scopes', { scopes: undefined }, '.scopes must list scopes'],
    ['a scope that is two', { scopes: ['platform:read platform:write'] }, '.scopes must list scopes'],
    ['too long a life', { life_seconds: 3_601 }, '.life_seconds must be between 60 and 3600'],
    ['too short a life', { life_seconds: 59 }, '.life_seconds must be between'],
  ])('stops the start with a rule of %s', (_, difference, problem) => {
    const rules = [rule, { ...rule, name: 'odd', issuer: 'https://ci.example.com', ...difference }];
    expect(read({ token_exchange: { rules } }).problems).toEqual([
      expect.stringContaining(`token_exchange.rules[1]${problem}`),
    ]);
  });

  it.each<[string, Settings, string]>([
    ['no rule', { rules: [] }, 'token_exchange.rules must have a rule'],
    ['a text for a rule', { rules: ['x'] }, 'token_exchange.rules[0] must be a mapping'],
    ['a name twice', { rules: [rule, rule] }, "token_exchange.rules[1].name is another rule's"],
    [
      'two places for the keys of one issuer',
      { rules: [rule, { ...rule, name: 'b', jwks_uri: 'https://other.example.com' }] },
      'token_exchange.rules[1] must have the jwks_uri and discovery_url of the other rules',
    ],
    ["the platform's audience", { audience: 'nmp-platform', rules: [rule] }, 'token_exchange.audience must be'],
  ])('stops the start with %s', (_, tokenExchange, problem) => {
    expect(read({ token_exchange: tokenExchange }).problems).toContainEqual(expect.stringContaining(problem));
  });

  it('takes plain http where the platform does', () => {
    const rules = [{ ...rule, issuer: 'http://kubernetes.example.com' }];
    expect(read({ token_exchange: { rules }, auth: { oidc, allow_insecure_http: true } }).problems).toEqual([]);
  });
});

describe('auth.access_keys', () => {
  const accessKeys = { enabled: true, audience: 'keys' };

  it('are none where everybody is let in', () => {
    expect(read({ auth: { oidc, access_keys: accessKeys } }).config.accessKeys).toMatchObject({ audience: 'keys' });
    expect(read({ auth: { oidc, enabled: false, access_keys: accessKeys } }).config.accessKeys).toBeUndefined();
  });

  it.each<[string, Settings]>([
    ['workload tokens', { token_exchange: { audience: 'keys', rules: [rule] } }],
    ['hop tokens', { hop_tokens: { audiences: ['keys'] } }],
  ])('have another audience than %s', (_, settings) => {
    expect(read({ auth: { oidc, access_keys: accessKeys }, ...settings }).problems).toHaveLength(1);
  });
});

it.each([0, 366])('signing_keys.rotation_days may not be %s', (days) => {
  expect(read({ signing_keys: { rotation_days: days } }).problems).toEqual([
    'signing_keys.rotation_days must be between 1 and 365',
  ]);
});

describe('signing_keys.encryption_key_file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-keys-'));
  const file = join(directory, 'key');

  afterAll(() => rmSync(directory, { recursive: true }));

  it('is read', () => {
    writeFileSync(file, `${Buffer.alloc(32, 7).toString('base64')}\n`);
    const { config, problems } = read({ signing_keys: { encryption_key_file: file } });
    expect(problems).toEqual([]);
    expect(config.signingKeys.encryptionKey).toEqual(Buffer.alloc(32, 7));
  });

  it.each(['', 'short', Buffer.alloc(33).toString('base64'), `${Buffer.alloc(32).toString('base64')}!`])(
    'may not hold %j',
    (text) => {
      writeFileSync(file, text);
      const { problems } = read({ signing_keys: { encryption_key_file: file } });
      expect(problems).toEqual([
        expect.stringMatching(/^signing_keys\.encryption_key_file must be .* 32 bytes in base64/),
      ]);
    },
  );

  it('must be there', () => {
    const { problems } = read({ signing_keys: { encryption_key_file: join(directory, 'missing') } });
    expect(problems).toEqual([expect.stringMatching(/ENOENT$/)]);
  });
});

function read(settings: Settings) {
  const problems: string[] = [];
  return { config: mintedConfigOf({ auth: { oidc }, ...settings }, publicUrl, problems), problems };
}
