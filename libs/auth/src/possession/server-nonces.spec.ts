import { describe, expect, it } from '@jest/globals';
import { ServerNonces } from './server-nonces.js';

describe('ServerNonces', () => {
  let now = 1_000_000;
  const nonces = new ServerNonces('a secret of this service', 100, () => now);

  it('are good for their period and the next', () => {
    now = 1_000_000;
    const { current } = nonces;
    expect(nonces.judge(current)).toBe('current');
    now += 100;
    expect(nonces.judge(current)).toBe('aging');
    expect(nonces.current).not.toBe(current);
    now += 100;
    expect(nonces.judge(current)).toBe('refused');
  });

  it('are the same for all processes with one secret, whose clocks differ a little', () => {
    now = 1_000_000;
    const ahead = new ServerNonces('a secret of this service', 100, () => now + 30);
    now += 99;
    expect(nonces.judge(ahead.current)).toBe('current');
    expect(ahead.judge(nonces.current)).toBe('aging');
  });

  it.each(['', 'x', 'a'.repeat(43), 'é'])('are not %p', (nonce) => expect(nonces.judge(nonce)).toBe('refused'));

  it('are not those of another secret', () => {
    const stranger = new ServerNonces('another secret', 100, () => now);
    expect(nonces.judge(stranger.current)).toBe('refused');
  });
});
