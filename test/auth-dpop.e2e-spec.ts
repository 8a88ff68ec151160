import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Post, UseGuards } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { MessagePattern } from '@nestjs/microservices';
import { AuthGuard as PassportGuard } from '@nestjs/passport';
import {
  AuthModule,
  type AuthModuleOptions,
  JwtStrategy,
  OptionalAuth,
  Principal,
  type ProofReplayStore,
  Public,
} from '@nmp/auth';
import { ProofKey, type ProofInput, type TestIssuer } from '@nmp/auth/testing';
import { startGraphql } from './support/graphql-apps.js';
import { adapters, type AppParts, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { connectTcp } from './support/message-apps.js';
import { Wire } from './support/wire.js';

@Controller()
class CallerController {
  @Get()
  caller(@Principal() { id, claims }: Principal) {
    return { id, cnf: claims.cnf };
  }

  @Post('things/:id')
  change(@Principal('id') id: string) {
    return { id };
  }

  @Get('twice')
  @UseGuards(PassportGuard('jwt'))
  twice(@Principal('id') id: string) {
    return { id };
  }

  @Public()
  @Get('passport')
  @UseGuards(PassportGuard('jwt'))
  passport() {
    return { ok: true };
  }

  @OptionalAuth()
  @Get('optional')
  optional(@Principal('kind') kind: string) {
    return { kind };
  }

  @Public()
  @Get('open')
  open() {
    return { ok: true };
  }

  @MessagePattern('caller')
  message() {
    return 'in';
  }
}

@Resolver()
class CallerResolver {
  @Query(() => String, { nullable: true })
  me(@Principal('id') id: string) {
    return id;
  }

  @Query(() => String, { nullable: true })
  kind(@Principal('kind') kind: string) {
    return kind;
  }
}

const publicUrl = 'https://api.example.com';

describe('tokens that are bound to a DPoP key', () => {
  let issuer: TestIssuer;
  let key: ProofKey;
  let token: string;
  const running: { close(): Promise<unknown> }[] = [];

  beforeAll(async () => {
    [issuer, key] = await Promise.all([startIssuer(), ProofKey.generate()]);
    token = await issuer.accessToken({ claims: { cnf: { jkt: key.thumbprint } }, expiresInSeconds: 3600 });
  });
  afterEach(() => Promise.all(running.splice(0).map((part) => part.close())));
  afterAll(() => issuer.close());

  const options = (more: Partial<AuthModuleOptions> = {}): AuthModuleOptions => ({
    publicUrl,
    dpop: {},
    oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' },
    ...more,
  });
  const headersOf = (input: Partial<ProofInput> = {}, sent = token): Record<string, string> => ({
    authorization: `DPoP ${sent}`,
    dpop: key.proof({ url: `${publicUrl}/`, token: sent, ...input }),
  });
  /** The status with the body, or with the code of the refusal. */
  async function answer(asked: Response | Promise<Response>): Promise<[number, unknown]> {
    const response = await asked;
    const body = (await response.json()) as Record<string, unknown>;
    return [response.status, response.ok ? body : body.code];
  }

  describe.each(adapters)('on %s', (adapter) => {
    async function start(
      more: Partial<AuthModuleOptions> = {},
      parts: Partial<AppParts> = {},
    ): Promise<INestApplication & { url: string }> {
      const imports = [AuthModule.forRoot(options(more))];
      const { app, url } = await startApp(adapter, { controllers: [CallerController], ...parts, imports });
      running.push(app);
      return Object.assign(app, { url });
    }

    it('let their owner in, with a new proof each time', async () => {
      const { url } = await start();
      for (let times = 0; times < 3; times++) {
        const body = { id: 'user-1', cnf: { jkt: key.thumbprint } };
        expect(await answer(fetch(url, { headers: headersOf() }))).toEqual([200, body]);
      }
      const things = { method: 'POST', url: `${publicUrl}/things/1` };
      const request = { method: 'POST', headers: headersOf(things) };
      expect(await answer(fetch(`${url}/things/1?force=true`, request))).toEqual([201, { id: 'user-1' }]);
    });

    it('are proven by a request in the form for proxies, of which the path counts', async () => {
      const { url } = await start();
      const ask = async (path: string): Promise<number> => {
        const wire = await Wire.open(Number(new URL(url).port));
        const headers = Object.entries(headersOf({ url: `${publicUrl}${path}` }));
        const lines = headers.map(([name, value]) => `${name}: ${value}`);
        wire.send('GET http://other.example/optional?x HTTP/1.1', 'Host: other.example', 'Connection: close', ...lines);
        return (await wire.send('', '', '').rest()).status;
      };
      expect([await ask('/optional'), await ask('/'), await ask('/open')]).toEqual([200, 401, 401]);
    });

    it('are proven once, however many guards ask about a request', async () => {
      const { url } = await start();
      const headers = headersOf({ url: `${publicUrl}/twice` });
      expect(await answer(fetch(`${url}/twice`, { headers }))).toEqual([200, { id: 'user-1' }]);
      expect(await answer(fetch(`${url}/twice`, { headers }))).toEqual([401, 'dpop_proof']);
    });

    it('are verified by the guard of passport alone, too', async () => {
      const { url } = await start();
      const headers = headersOf({ url: `${publicUrl}/passport` });
      expect((await fetch(`${url}/passport`, { headers })).status).toBe(200);
      expect(await answer(fetch(`${url}/passport`, { headers }))).toEqual([401, 'dpop_proof']);
      const plain = { authorization: `Bearer ${token}` };
      expect(await answer(fetch(`${url}/passport`, { headers: plain }))).toEqual([401, 'token_claims']);
    });

    it('are refused with a bad proof where signing in is optional, and not looked at where all may come', async () => {
      const { url } = await start();
      const good = headersOf({ url: `${publicUrl}/optional` });
      expect(await answer(fetch(`${url}/optional`, { headers: good }))).toEqual([200, { kind: 'user' }]);
      expect(await answer(fetch(`${url}/optional`))).toEqual([200, { kind: 'anonymous' }]);
      const bad = headersOf({ method: 'POST' });
      expect(await answer(fetch(`${url}/optional`, { headers: bad }))).toEqual([401, 'dpop_proof']);
      expect((await fetch(`${url}/open`, { headers: bad })).status).toBe(200);
    });

    it.each([
      ['https://api.example.com/v1', '', '/', 'https://api.example.com/v1/'],
      ['https://api.example.com/v1', 'v1', '/v1', 'https://api.example.com/v1'],
      ['https://api.example.com:8443/', '', '/', 'https://api.example.com:8443/'],
    ])('at %s, with the prefix "%s", are sent to %s with proofs for %s', async (address, prefix, path, htu) => {
      const { url } = await start({ publicUrl: address }, { configure: (app) => app.setGlobalPrefix(prefix) });
      expect((await fetch(url + path, { headers: headersOf({ url: htu }) })).status).toBe(200);
      const wrong = headersOf({ url: url + path });
      expect(await answer(fetch(url + path, { headers: wrong }))).toEqual([401, 'dpop_proof']);
    });

    it('are spoken of by the metadata of the service', async () => {
      const { url } = await start({ dpop: { required: true, algorithms: ['ES256'] } });
      const { status, body } = await metadataOf(url);
      expect([status, body]).toEqual([
        200,
        expect.objectContaining({
          dpop_signing_alg_values_supported: ['ES256'],
          dpop_bound_access_tokens_required: true,
        }),
      ]);
    });

    it.each<[string, () => unknown, [number, unknown]]>([
      ['says no', () => false, [401, 'dpop_proof']],
      ['says nothing', () => undefined, [401, 'dpop_proof']],
      ['says something else', () => Promise.resolve('OK'), [401, 'dpop_proof']],
      [
        'throws',
        () => {
          throw new Error('down');
        },
        [503, 'issuer_unavailable'],
      ],
      ['fails', () => Promise.reject(new Error('down')), [503, 'issuer_unavailable']],
    ])('let nobody in while the store of used proofs %s', async (_, remember, expected) => {
      const replayStore = { remember } as ProofReplayStore;
      const { url } = await start({ dpop: { replayStore } });
      const response = await fetch(url, { headers: headersOf() });
      expect(response.headers.get('retry-after')).toBe(expected[0] === 503 ? '5' : null);
      expect(await answer(response)).toEqual(expected);
    });

    it('take a nonce of every process that has the same secret', async () => {
      const nonce = { secret: 'a secret of 32 characters or more' };
      const [one, other, stranger] = [
        await start({ dpop: { nonce } }),
        await start({ dpop: { nonce } }),
        await start({ dpop: { nonce: {} } }),
      ];
      const asked = await fetch(one.url, { headers: headersOf() });
      const given = asked.headers.get('dpop-nonce') ?? '';
      expect([asked.status, asked.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringMatching(/error="use_dpop_nonce"/),
      ]);
      const headers = (): Record<string, string> => headersOf({ nonce: given });
      expect((await fetch(other.url, { headers: headers() })).status).toBe(200);
      expect(await answer(fetch(stranger.url, { headers: headers() }))).toEqual([401, 'dpop_nonce']);
    });

    it('let their owner ask several things by one GraphQL request, and no more', async () => {
      const { app, ask } = await startGraphql(adapter, {
        issuer,
        resolvers: [CallerResolver],
        auth: { publicUrl, dpop: {} },
      });
      running.push(app);
      const headers = headersOf({ method: 'POST', url: `${publicUrl}/graphql` });
      const { all } = await ask(['{ me kind }', '{ me }'], undefined, headers);
      expect(all.map(({ data }) => data)).toEqual([{ me: 'user-1', kind: 'user' }, { me: 'user-1' }]);
      const again = await ask('{ me }', undefined, headers);
      expect(again.body.data).toEqual({ me: null });
      const plain = await ask('{ me }', token);
      expect(plain.body.data).toEqual({ me: null });
    });
  });

  async function metadataOf(url: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${url}/.well-known/oauth-protected-resource`);
    return { status: response.status, body: await response.json() };
  }

  it('are refused where no proof can come along: in messages, and without a request', async () => {
    const { app } = await startApp('fastify', {
      imports: [AuthModule.forRoot(options())],
      controllers: [CallerController],
    });
    running.push(app);
    const client = await connectTcp(app);
    const { authorization = '', dpop = '' } = headersOf();
    const code = 'token_claims';
    expect(await client.ask('caller', token)).toMatchObject({ code });
    expect(await client.ask('caller', undefined, {}, { authorization, dpop })).toMatchObject({ code });
    expect(await client.ask('caller', await issuer.accessToken())).toEqual({ value: 'in' });
    await client.close();
    for (const sent of [authorization, `Bearer ${token}`]) {
      const verdict = async (): Promise<unknown> => app.get(JwtStrategy).run({ headers: { authorization: sent } });
      await expect(verdict()).rejects.toMatchObject({ code });
    }
  });

  it.each<[string, Partial<AuthModuleOptions>, RegExp]>([
    ['no public address', { publicUrl: undefined }, /publicUrl must be set, since dpop is/],
    [
      'an algorithm that is none',
      { dpop: { algorithms: ['none' as 'ES256'] } },
      /dpop\.algorithms must be a non-empty list/,
    ],
    ['no algorithm', { dpop: { algorithms: [] } }, /dpop\.algorithms must be a non-empty list/],
    [
      'proofs that are good for long',
      { dpop: { proofMaxAgeSeconds: 301 } },
      /dpop\.proofMaxAgeSeconds must be a whole number/,
    ],
    [
      'a short secret',
      { dpop: { nonce: { secret: 'short' } } },
      /dpop\.nonce\.secret must be a string of 32 characters/,
    ],
    ['an unknown option', { dpop: { nonse: {} } as object }, /dpop\.nonse is not a known option: did you mean nonce\?/],
    ['a store that is none', { dpop: { replayStore: {} as ProofReplayStore } }, /dpop\.replayStore must be an object/],
    ['true', { dpop: true as unknown as object }, /dpop must be an object/],
  ])('stop the start with %s', async (_, more, message) => {
    const starting = startApp('fastify', { imports: [AuthModule.forRoot(options(more))] });
    await expect(starting).rejects.toThrow(message);
  });

  it('are refused as before where the option is switched off', async () => {
    const imports = [AuthModule.forRoot(options({ publicUrl: undefined, dpop: { enabled: false } }))];
    const { app, url } = await startApp('fastify', { imports, controllers: [CallerController] });
    running.push(app);
    expect(await answer(fetch(url, { headers: headersOf() }))).toEqual([401, 'missing_token']);
    expect(await answer(fetch(url, { headers: { authorization: `Bearer ${token}` } }))).toEqual([401, 'token_claims']);
  });
});
