import { isIP } from 'node:net';

type Interval = readonly [first: bigint, last: bigint];

// Where hosts have their addresses: without "this network" and multicast, so that nearly everything is everything.
const EVERYBODY: readonly Interval[] = [
  [numberOf('1.0.0.0'), numberOf('223.255.255.255')],
  [numberOf('2000::'), numberOf('3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')],
];

/** Whether addresses and ranges hold together every IPv4 or every IPv6 address that a client may have. */
export function holdEverybody(ranges: readonly string[]): boolean {
  const intervals = ranges.map(intervalOf).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return EVERYBODY.some(([first, last]) => {
    let next = first;
    for (const [from, to] of intervals) if (from <= next && to >= next) next = to + 1n;
    return next > last;
  });
}

function intervalOf(range: string): Interval {
  const [address = '', bits] = range.split('/');
  const width = isIP(address) === 4 ? 32 : 128;
  const open = BigInt(width - Number(bits ?? width));
  const first = (numberOf(address) >> open) << open;
  return [first, first + (1n << open) - 1n];
}

/** IPv4 addresses have the numbers that they have within IPv6. @see RFC 4291 §2.5.5.2 */
function numberOf(address: string): bigint {
  const spelled = isIP(address) === 4 ? `::ffff:${address}` : address;
  const [head = '', tail] = new URL(`http://[${spelled}]`).hostname.slice(1, -1).split('::');
  const [left = [], right = []] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return BigInt(`0x${[...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join('')}`);
}
