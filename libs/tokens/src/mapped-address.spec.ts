import { describe, expect, it } from '@jest/globals';
import { mappedIPv4 } from './mapped-address.js';

describe('the IPv4 address within an IPv6 one', () => {
  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:127.0.0.1', '127.0.0.1'],
    ['::ffff:255.255.255.255', '255.255.255.255'],
  ])('of %s is %s', (address, expected) => {
    expect(mappedIPv4(address)).toBe(expected);
  });

  it.each([
    '192.0.2.1',
    '::1',
    '::ffff:256.0.0.1',
    '::ffff:1.2.3',
    '::ffff:1.2.3.4.5',
    '::ffff:1.2.3.4%eth0',
    '::ffff:0:1.2.3.4',
    '64:ff9b::192.0.2.1',
    'x::ffff:192.0.2.1',
    '',
  ])('is not there in "%s"', (address) => {
    expect(mappedIPv4(address)).toBeUndefined();
  });
});
