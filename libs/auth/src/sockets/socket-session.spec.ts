import { describe, expect, it, jest } from '@jest/globals';
import { anonymousPrincipal, MissingTokenError, type Principal } from '@nmp/tokens';
import { authConfigOf } from '../auth-config.js';
import type { WebSocketOptions } from '../websocket-options.js';
import { type SessionSurroundings, SocketSession } from './socket-session.js';

const alice: Principal = { ...anonymousPrincipal, kind: 'user', id: 'alice', issuer: 'https://idp.example.com' };

function start(principal: Principal, websockets: WebSocketOptions = {}) {
  let nowMs = 0;
  let leave = (): void => {};
  const line = { send: jest.fn(), end: jest.fn(), onOver: (listener: () => void) => (leave = listener) };
  const oidc = { issuer: 'https://idp.example.com', clientId: 'api' };
  const config = authConfigOf({ oidc, websockets, clockToleranceSeconds: 0 });
  const surroundings = { config, clock: { now: () => new Date(nowMs) } } as unknown as SessionSurroundings; // no more is asked for
  const session = new SocketSession(surroundings, line, { principal, request: { headers: {} } }, () =>
    Promise.resolve(),
  );
  const pass = (seconds: number): void => {
    nowMs += seconds * 1000;
    jest.advanceTimersByTime(seconds * 1000);
  };
  return { session, line, config, pass, leave: () => leave() };
}

describe('SocketSession', () => {
  it('counts in no other application than its own', () => {
    const { session, config } = start(alice);
    const other = authConfigOf({ oidc: { issuer: 'https://other.example', clientId: 'api' } });
    expect(session.identify([], config)).toBe(alice);
    expect(() => session.identify([], other)).toThrow(MissingTokenError);
  });

  it.each([
    [600, 540],
    [100, 80],
  ])('asks, of a token of %d s, after %d s', (life, asksAfter) => {
    jest.useFakeTimers();
    const { line, pass } = start({ ...alice, expiresAt: new Date(life * 1000) }, { onExpiry: 'ask' });
    pass(asksAfter - 1);
    expect(line.send).not.toHaveBeenCalled();
    pass(1.1);
    expect(line.send.mock.calls).toEqual([['auth:renew', { expiresAt: new Date(life * 1000).toISOString() }]]);
    pass(life - asksAfter + 28);
    expect(line.end).not.toHaveBeenCalled(); // a grace of 30 s
    pass(2);
    expect(line.end).toHaveBeenCalledTimes(1);
    jest.useRealTimers();
  });

  it('leaves no timer behind when its client goes', () => {
    jest.useFakeTimers();
    const { leave } = start({ ...alice, expiresAt: new Date(600_000) });
    expect(jest.getTimerCount()).toBe(1);
    leave();
    expect(jest.getTimerCount()).toBe(0);
    start(alice); // named by a gateway: its end is not known
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
});
