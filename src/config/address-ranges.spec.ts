import { describe, expect, it } from '@jest/globals';
import { holdEverybody } from './address-ranges.js';

describe('holdEverybody', () => {
  it.each([
    [['::ffff:0:0/96']],
    [['::/1']],
    [['0.0.0.0/1', '128.0.0.0/1']],
    [['128.0.0.0/2', '192.0.0.0/3', '10.0.0.0/8', '0.0.0.0/1']],
    [['::ffff:0.0.0.0/97', '128.0.0.0/1']],
    [['2000::/3']],
    [['8000::/1', '::/2', '2000::/4', '3000::/4']],
  ])('sees that %j are everybody', (ranges) => {
    expect(holdEverybody(ranges)).toBe(true);
  });

  it.each([
    [[]],
    [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']],
    [['0.0.0.0/1', '192.0.0.0/2']],
    [['::ffff:10.0.0.0/104', '2001:db8::1', 'fd00::/8']],
    [['192.0.2.1', '::1']],
    [['fc00::/7', '2001::/16']],
  ])('lets %j be', (ranges) => {
    expect(holdEverybody(ranges)).toBe(false);
  });
});
