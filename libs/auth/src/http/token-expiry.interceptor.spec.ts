import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { anonymousPrincipal, type Principal } from '@nmp/tokens';
import { NEVER, of } from 'rxjs';
import type { AuthConfig } from '../auth-config.js';
import { attachState } from '../carriers/request-state.js';
import { systemClock } from '../clock.js';
import { TokenExpiryInterceptor } from './token-expiry.interceptor.js';

describe('TokenExpiryInterceptor', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const config = { issuers: [], clockToleranceSeconds: 30 } as unknown as AuthConfig; // what is looked at
  const interceptor = new TokenExpiryInterceptor(config, systemClock);
  const DAY_MS = 86_400_000;

  const open = (principal: Partial<Principal>, events: CallHandler = { handle: () => NEVER }) => {
    const request = {};
    const verification = { verify: () => anonymousPrincipal, refuse: (error: unknown) => error };
    attachState(request, verification, undefined).principal = { ...anonymousPrincipal, ...principal };
    const context = { getType: () => 'http', getArgs: () => [request] } as unknown as ExecutionContext; // what is looked at
    const received: unknown[] = [];
    const subscription = interceptor.intercept(context, events).subscribe({
      next: (event) => received.push(event),
      complete: () => received.push('end'),
    });
    return { received, subscription };
  };

  it('ends a stream after the token and the tolerance, also many weeks from now', () => {
    const { received } = open({ expiresAt: new Date(Date.now() + 60 * DAY_MS) });
    jest.advanceTimersByTime(60 * DAY_MS + 29_000);
    expect(received).toEqual([]);
    jest.advanceTimersByTime(1000);
    expect(received).toEqual([{ type: 'auth', data: expect.objectContaining({ code: 'token_expired' }) }, 'end']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('has no timer where nobody signed in, and none any more after the stream', () => {
    open({});
    expect(jest.getTimerCount()).toBe(0);
    const expiresAt = new Date(Date.now() + DAY_MS);
    const { subscription } = open({ expiresAt });
    expect(jest.getTimerCount()).toBe(1);
    subscription.unsubscribe();
    expect(jest.getTimerCount()).toBe(0);
    expect(open({ expiresAt }, { handle: () => of('only') }).received).toEqual(['only', 'end']);
    expect(jest.getTimerCount()).toBe(0);
  });
});
