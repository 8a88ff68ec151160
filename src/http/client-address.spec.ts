import { describe, expect, it } from '@jest/globals';
import { clientAddress } from './client-address.js';

describe('clientAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['999.0.2.1:4711', '999.0.2.1:4711'],
    ['unknown', 'unknown'],
  ])('of %s is %s', (ip, address) => {
    expect(clientAddress({ ip })).toBe(address);
  });

  it('is empty where the connection is gone', () => {
    expect(clientAddress({ ip: undefined as unknown as string })).toBe('');
  });
});
