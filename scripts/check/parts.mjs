/**
 * Everything that must hold before a change goes in, in the order in which it is tried. `beside` are parts that are tried
 * one after the other at the same time, for the part itself waits for servers most of its time.
 *
 * @type {readonly import('./run-parts.mjs').Part[]}
 */
export const parts = [
  { name: 'npm test', args: ['scripts/test.mjs'], isQuick: true },
  { name: 'npm run policy:check', args: ['scripts/policy.mjs', 'check'], isQuick: true },
  { name: 'npm run quickstart -- --demo', args: ['scripts/quickstart.mjs', '--demo'], isQuick: true },
  // Too short for figures: what must not happen under load does not.
  { name: 'npm run bench -- soak --seconds 3', args: ['scripts/bench.mjs', 'soak', '--seconds', '3'] },
  {
    name: 'npm run test:interop',
    args: ['scripts/test-interop.mjs'],
    // At full strength the stress suites take a quarter of an hour, and the providers played from records ten minutes; `npm test`
    // has run the former with less, and the records of the latter.
    env: { NMP_STRESS: 'short', NMP_INTEROP: 'short' },
    beside: [
      { name: 'npm run test:faults -- --short', args: ['scripts/test-faults.mjs', '--short'] },
      { name: 'npm run test:packages', args: ['scripts/test-packages.mjs'] },
    ],
  },
];
