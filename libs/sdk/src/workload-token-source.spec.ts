import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeClock } from '../test/support/fake-clock.js';
import type { StubAnswer } from '../test/support/http-stub.js';
import { lookalikeToken } from '../test/support/lookalike-token.js';
import { StubIdp } from '../test/support/stub-idp.js';
import { StubPlatform } from '../test/support/stub-platform.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { ConfigError, SignInError } from './errors.js';
import type { NeMoPlatformOptions } from './nemo-platform.js';
import { NeMoPlatform } from './nemo-platform.js';

const TOKEN = '/apis/auth/token';

describe('a workload with a token of its own', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;
  let clock: FakeClock;
  let file: string;
  let issued: number;

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    config = await TemporaryConfig.create();
    clock = new FakeClock();
    file = join(config.directory, 'token');
    issued = 0;
    await writeFile(file, ' workload-1\n');
    platform.hasWorkspaces('one');
    platform.discovers(exchanging());
    platform.http.on(`POST ${TOKEN}`, () => granted());
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await config.remove();
  });

  const exchanging = (more: Record<string, unknown> = {}) => ({
    workload_token_exchange_enabled: true,
    workload_token_endpoint: platform.url + TOKEN,
    workload_audience: 'https://platform.example.com/apis/auth/workloads',
    workload_client_id: null,
    workload_scope: null,
    ...more,
  });

  function granted(): StubAnswer {
    issued += 1;
    const now = clock.now().getTime() / 1000;
    const token = lookalikeToken({ sub: 'trainer', iat: now, exp: now + 300, jti: `${issued}` });
    return {
      json: {
        access_token: token,
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        token_type: 'Bearer',
        expires_in: 300,
      },
    };
  }

  const client = (options: NeMoPlatformOptions = {}, env: Record<string, string> = {}): NeMoPlatform =>
    new NeMoPlatform({
      env: { NMP_BASE_URL: platform.url, NMP_WORKLOAD_IDENTITY_TOKEN_FILE: file, NMP_CONFIG_FILE: config.path, ...env },
      clock,
      ...options,
    });
  const exchanges = () => platform.http.requestsTo(TOKEN);
  const sentTokens = () => platform.bearers.filter((bearer) => bearer !== undefined);

  it('exchanges it at the first request, as discovery says', async () => {
    const api = client();
    expect(exchanges()).toEqual([]);
    await api.workspaces.list().toArray();
    expect(exchanges().map(({ form }) => form)).toEqual([
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: 'workload-1',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        audience: 'https://platform.example.com/apis/auth/workloads',
        client_id: 'nmp-cli',
      },
    ]);
    expect(sentTokens()).toHaveLength(1);
  });

  it('sends the client and scope that discovery names, to the usual endpoint where it names none', async () => {
    const odd = { workload_client_id: 'nmp-workload', workload_scope: 'platform:read', workload_token_endpoint: null };
    platform.discovers(exchanging({ ...odd, token_endpoint: platform.url + TOKEN }));
    await client().workspaces.list().toArray();
    expect(exchanges()[0]?.form).toMatchObject({ client_id: 'nmp-workload', scope: 'platform:read' });
  });

  it('keeps the token until a fifth of its life is left, and then reads the file again', async () => {
    const api = client();
    await api.workspaces.list().toArray();
    await writeFile(file, 'workload-2');
    clock.advance(239);
    await api.workspaces.list().toArray();
    expect(exchanges()).toHaveLength(1);
    clock.advance(2);
    await api.workspaces.list().toArray();
    expect(exchanges().map(({ form }) => form.subject_token)).toEqual(['workload-1', 'workload-2']);
  });

  it('makes one exchange for any number of requests', async () => {
    const api = client();
    await Promise.all(Array.from({ length: 10 }, () => api.workspaces.list().toArray()));
    expect(exchanges()).toHaveLength(1);
  });

  it('replaces a token that the platform refuses, once', async () => {
    const api = client();
    const refusal = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, json: {} };
    platform.on('GET /apis/entities/v2/workspaces', refusal);
    await expect(api.workspaces.list().toArray()).rejects.toThrow(/exchanged for that in .*token_exchange/s);
    expect(exchanges()).toHaveLength(2);
  });

  it('goes on with a token that is still good while it cannot be replaced', async () => {
    const warnings: string[] = [];
    const api = client({ onWarning: (warning) => warnings.push(warning) });
    await api.workspaces.list().toArray();
    clock.advance(250);
    platform.on(`POST ${TOKEN}`, { status: 503, json: { error: 'temporarily_unavailable' } });
    await api.workspaces.list().toArray();
    expect(warnings).toEqual([expect.stringContaining('could not be replaced yet')]);
    clock.advance(60);
    await expect(api.workspaces.list().toArray()).rejects.toThrow(/temporarily_unavailable/);
  });

  it('says what to do when no rule holds, without the token', async () => {
    await writeFile(file, `${'workload-1'.repeat(9)}\n`);
    const description = `No rule of this platform holds for ${'workload-1'.repeat(5)}…`;
    platform.on(`POST ${TOKEN}`, { status: 400, json: { error: 'invalid_request', error_description: description } });
    const failure = await failureOf(client().workspaces.list().toArray());
    expect(failure).toBeInstanceOf(SignInError);
    expect(failure.message).toMatch(/^The platform at .* answered invalid_request\. Ask .*rule in token_exchange/);
    expect(failure.message).not.toContain('workload-1');
  });

  it('says what to do when the platform exchanges nothing', async () => {
    for (const oidc of [{ workload_token_exchange_enabled: false }, null]) {
      platform.discovers(oidc);
      const failure = await failureOf(client().workspaces.list().toArray());
      expect(failure).toMatchObject({ code: 'workload_exchange_off' });
      expect(failure.message).toMatch(/does not exchange .* Ask its administrator .*NMP_ACCESS_TOKEN/);
    }
    expect(exchanges()).toEqual([]);
  });

  it.each<[string, () => Promise<void>, RegExp]>([
    ['is not there', () => rm(file), /cannot be read \(ENOENT\)\. Let the workload's token be mounted there/],
    ['is empty', () => writeFile(file, ' \n'), /is empty\. NMP_WORKLOAD_IDENTITY_TOKEN_FILE must name/],
    ['is large', () => writeFile(file, 'x'.repeat(65_537)), /is no file with a token/],
    ['is a directory', () => rm(file).then(async () => mkdir(file).then(() => undefined)), /is no file with a token/],
    ['holds something else', () => writeFile(file, 'two words'), /holds blanks .* must name a file with a token/],
  ])('says what to do when the file %s', async (_, prepare, message) => {
    await prepare();
    const failure = await failureOf(client().workspaces.list().toArray());
    expect(failure).toBeInstanceOf(ConfigError);
    expect(failure.message).toMatch(message);
    expect(platform.http.requests).toEqual([]);
  });

  it('sends its token to nobody over plain http', async () => {
    platform.discovers(exchanging({ workload_token_endpoint: 'http://token.example.com/' }));
    await expect(client().workspaces.list().toArray()).rejects.toMatchObject({ code: 'insecure_endpoint' });
  });

  it('is only asked for where no token was given', async () => {
    await client({ accessToken: 'given' }).workspaces.list().toArray();
    await client({}, { NMP_ACCESS_TOKEN: 'from-environment' }).workspaces.list().toArray();
    expect(sentTokens()).toEqual(['given', 'from-environment']);
    expect(exchanges()).toEqual([]);
  });

  it('comes before a stored sign-in, and needs none', async () => {
    await config.signIn({ baseUrl: platform.url, token: 'stored' });
    await client().workspaces.list().toArray();
    expect(exchanges()).toHaveLength(1);
    expect(sentTokens()).not.toContain('stored');
    await client({}, { NMP_WORKLOAD_IDENTITY_TOKEN_FILE: '' }).workspaces.list().toArray();
    expect(sentTokens()).toContain('stored');
  });
});

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing failed');
}
