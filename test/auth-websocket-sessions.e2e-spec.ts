import { afterEach, describe, expect, it } from '@jest/globals';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { MemoryRevocation, OptionalAuth, Principal, RequireScopes, type WebSocketOptions } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { ProofKey } from '@nmp/auth/testing';
import { startIssuer } from './support/issuers.js';
import { GatewayStage } from './support/gateway-apps.js';
import { SetClock } from './support/set-clock.js';
import { type Connecting, socketLibraries } from './support/sockets.js';

@WebSocketGateway()
class Gateway {
  @SubscribeMessage('who')
  who(@Principal() principal: Principal) {
    return { event: 'answer', data: principal.id };
  }

  @RequireScopes('models:write')
  @SubscribeMessage('write')
  write() {
    return { event: 'answer', data: 'ok' };
  }

  @OptionalAuth()
  @SubscribeMessage('optional')
  optional(@Principal('kind') kind: string) {
    return { event: 'answer', data: kind };
  }
}

describe.each(socketLibraries)('a session of %s', (library) => {
  const stage = new GatewayStage();
  afterEach(() => stage.end());

  /** Tolerates nothing, so that a token expires when it says so; a token lives for 100 s, of which all but a moment is over. */
  const start = async (
    websockets: WebSocketOptions = {},
    more: { revocation?: MemoryRevocation; aheadSeconds?: number } = {},
  ) => {
    const clock = new SetClock();
    const { issuer, enter } = await stage.begin({
      library,
      clock,
      gateways: [Gateway],
      options: { clockToleranceSeconds: 0, websockets, ...(more.revocation && { revocation: more.revocation }) },
    });
    const token = await issuer.accessToken({ expiresInSeconds: 100, scope: 'models:read' });
    clock.advance(more.aheadSeconds ?? 99.99);
    return { clock, issuer, token, enter: (options: Connecting = { token }) => enter(options) };
  };

  it('N02: ends when its token expires', async () => {
    const { clock, enter } = await start();
    const socket = await enter();
    const last = library === 'socket.io' ? socket.next('auth:expired') : undefined;
    expect(await socket.ask('who')).toBe('user-1');
    clock.advance(0.02);
    expect(await socket.over).toBe(library === 'ws' ? '4401 token_expired' : 'io server disconnect');
    if (last) expect(await last).toMatchObject({ statusCode: 401, code: 'token_expired' });
  });

  it('N02: no message passes once its token has expired, also before anything else has noticed', async () => {
    const { clock, enter } = await start({}, { aheadSeconds: 0 });
    const socket = await enter();
    clock.advance(100);
    expect(await socket.ask('who')).toEqual({ refused: 'token_expired' });
    expect(await socket.ask('optional')).toEqual({ refused: 'token_expired' });
  });

  it('asks for another token, refuses messages without it, and ends when none comes', async () => {
    const { clock, enter } = await start({ onExpiry: 'ask', graceSeconds: 1 }, { aheadSeconds: 99.95 });
    const socket = await enter(); // 0.05 s are left: it is asked for a fifth of them before the end
    const asked = socket.next('auth:renew');
    clock.advance(0.045);
    expect(await asked).toEqual({ expiresAt: '2030-01-01T00:01:40.000Z' });
    expect(await socket.ask('who')).toBe('user-1');
    clock.advance(0.01);
    expect(await socket.ask('who')).toEqual({ refused: 'token_expired' });
    clock.advance(1);
    expect(await socket.over).toBe(library === 'ws' ? '4401 token_expired' : 'io server disconnect');
  });

  it('goes on with another token of the same caller, which counts from then on', async () => {
    const { clock, issuer, enter } = await start({}, { aheadSeconds: 50 });
    const socket = await enter();
    expect(await socket.ask('write')).toEqual({ refused: 'insufficient_scope' });
    const token = await issuer.accessToken({ scope: 'models:write' });
    const expiresAt = new Date(clock.now().getTime() + 300_000).toISOString();
    expect(await socket.ask('auth:token', { token })).toEqual({ status: 'ok', expiresAt });
    clock.advance(100);
    expect(await socket.ask('write')).toBe('ok');
    clock.advance(200);
    expect(await socket.ask('who')).toEqual({ refused: 'token_expired' });
  });

  it('is renewed after the end of its token, within the grace', async () => {
    const { clock, issuer, enter } = await start({ onExpiry: 'ask', graceSeconds: 3600 });
    const socket = await enter();
    clock.advance(60);
    expect(await socket.ask('who')).toEqual({ refused: 'token_expired' });
    expect(await socket.ask('auth:token', { token: await issuer.accessToken() })).toMatchObject({ status: 'ok' });
    expect(await socket.ask('who')).toBe('user-1');
  });

  it.each([
    ['another subject', (issuer: TestIssuer) => issuer.accessToken({ subject: 'mallory' })],
    ['another kind', (issuer: TestIssuer) => issuer.accessToken({ claims: { email: undefined, sub: 'nmp-cli' } })],
  ])('ends when it is given a token of %s', async (_what, tokenOf) => {
    const { issuer, enter } = await start({}, { aheadSeconds: 0 });
    const socket = await enter();
    socket.send('auth:token', { token: await tokenOf(issuer) });
    expect(await socket.over).toBe(library === 'ws' ? '4403 access_denied' : 'io server disconnect');
  });

  it.each([
    ['for whom it acts', (sub: string) => ({ onBehalfOf: { id: sub, groups: [] } })],
    ['who acts', (sub: string) => ({ claims: { act: { sub } } })],
  ])('ends when it is given a token of the same service that differs in %s', async (_what, about) => {
    const platform = await startIssuer({ audience: 'models', path: '/apis/auth' });
    stage.endWith(platform);
    const options = { hop: { issuer: platform.issuer, audience: 'models' } };
    const { enter } = await stage.begin({ library, gateways: [Gateway], options });
    const hop = (sub: string) => platform.hopToken({ subject: 'service:jobs', kind: 'service', ...about(sub) });
    const socket = await enter({ token: await hop('alice') });
    expect(await socket.ask('auth:token', { token: await hop('alice') })).toMatchObject({ status: 'ok' });
    socket.send('auth:token', { token: await hop('bob') });
    expect(await socket.over).toBe(library === 'ws' ? '4403 access_denied' : 'io server disconnect');
  });

  it('stays as it was when it is given a token that might not have opened it', async () => {
    @WebSocketGateway()
    class ChoosyGateway extends Gateway {
      @RequireScopes('live:connect')
      handleConnection() {}
    }
    const { issuer, enter } = await stage.begin({ library, gateways: [ChoosyGateway] });
    const tokenWith = (scope: string) => issuer.accessToken({ scope });
    const socket = await enter({ token: await tokenWith('live:connect') });
    const weaker = { token: await tokenWith('models:write') };
    expect(await socket.ask('auth:token', weaker)).toMatchObject({ code: 'insufficient_scope' });
    expect(await socket.ask('write')).toEqual({ refused: 'insufficient_scope' });
    const stronger = { token: await tokenWith('live:connect models:write') };
    expect(await socket.ask('auth:token', stronger)).toMatchObject({ status: 'ok' });
    expect(await socket.ask('write')).toBe('ok');
  });

  it('stays as it was when a bad token is handed in', async () => {
    const { issuer, enter } = await start({}, { aheadSeconds: 0 });
    const socket = await enter();
    const renew = async (data: unknown): Promise<unknown> =>
      ((await socket.ask('auth:token', data)) as { code?: string }).code;
    expect(await renew({ token: await issuer.accessToken({ audience: 'other' }) })).toBe('token_audience');
    expect(await renew({ token: 'two words' })).toBe('malformed_request');
    for (const nothing of [{}, { token: 7 }, 'text', null]) expect(await renew(nothing)).toBe('malformed_request');
    expect(await socket.ask('who')).toBe('user-1');
  });

  it('verifies one token at a time', async () => {
    const { clock, issuer, enter } = await start({}, { aheadSeconds: 0 });
    const socket = await enter();
    clock.advance(60);
    await issuer.rotateKeys(); // the key of the next token has to be fetched
    const token = await issuer.accessToken();
    const answers = socket.several('auth:token', 3);
    for (let at = 0; at < 3; at++) socket.send('auth:token', { token });
    const outcomes = (await answers).map(({ status, code }) => code ?? status);
    expect(outcomes).toEqual(['malformed_request', 'malformed_request', 'ok']);
  });

  it('of nobody is not renewed: who signs in connects again', async () => {
    const { issuer, enter } = await start({}, { aheadSeconds: 0 });
    const socket = await enter({});
    const answer = await socket.ask('auth:token', { token: await issuer.accessToken() });
    expect(answer).toMatchObject({ code: 'malformed_request' });
    expect(await socket.ask('optional')).toBe('anonymous');
  });

  it('ends at a message after its token was revoked, where every message is verified', async () => {
    const revocation = new MemoryRevocation();
    const { issuer, token, enter } = await start({ verifyEachMessage: true }, { revocation, aheadSeconds: 0 });
    const socket = await enter();
    expect(await socket.ask('who')).toBe('user-1');
    const { jti } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { jti: string };
    revocation.revokeToken(issuer.issuer, jti, Date.now() / 1000 + 1e9);
    const last = library === 'socket.io' ? socket.next('auth:expired') : undefined;
    socket.send('who');
    expect(await socket.over).toBe(library === 'ws' ? '4401 token_revoked' : 'io server disconnect');
    if (last) expect(await last).toMatchObject({ code: 'token_revoked' });
  });

  it('N09: a message is verified once, however many guards stand before its handler', async () => {
    const asked: unknown[] = [];
    const revocation = Object.assign(new MemoryRevocation(), {
      isRevoked: (token: unknown) => {
        asked.push(token);
        return false;
      },
    });
    const { enter } = await start({ verifyEachMessage: true }, { revocation, aheadSeconds: 0 });
    const socket = await enter();
    const atHandshake = asked.length;
    expect(await socket.ask('who')).toBe('user-1');
    expect(asked.length - atHandshake).toBe(1);
  });

  it('does not notice a revocation where only the handshake is verified', async () => {
    const revocation = new MemoryRevocation();
    const { issuer, enter } = await start({}, { revocation, aheadSeconds: 0 });
    const socket = await enter();
    revocation.revokeSubject(issuer.issuer, 'user-1', 1e9);
    expect(await socket.ask('who')).toBe('user-1');
  });

  it('P01: of a bound token is opened with a proof, and verified at every message without', async () => {
    const proofKey = await ProofKey.generate();
    const { issuer, enter, refusal } = await stage.begin({
      library,
      gateways: [Gateway],
      options: { publicUrl: 'https://api.example.com', dpop: {}, websockets: { verifyEachMessage: true } },
    });
    const accessToken = await issuer.accessToken({ claims: { cnf: { jkt: proofKey.thumbprint } } });
    const path = library === 'ws' ? '/' : '/socket.io/';
    const proof = proofKey.proof({ url: `https://api.example.com${path}`, token: accessToken });
    expect(await refusal({ token: accessToken })).toMatchObject({ body: { statusCode: 401 } });
    const socket = await enter({ headers: { authorization: `DPoP ${accessToken}`, dpop: proof } });
    for (let at = 0; at < 2; at++) expect(await socket.ask('who')).toBe('user-1');
    expect(await socket.ask('auth:token', { token: accessToken })).toMatchObject({ statusCode: 401 });
    expect(await socket.ask('who')).toBe('user-1');
  });
});
