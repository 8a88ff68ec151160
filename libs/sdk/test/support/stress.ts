const isFull = process.env['NMP_STRESS'] === 'full';

/** How hard the tests press that take long: `NMP_STRESS=full`, as `npm run test:interop` sets it, is what must hold; less will do in between. */
export const stress = {
  processes: isFull ? 50 : 8,
  requestsPerProcess: 20,
  killedRefreshes: isFull ? 200 : 8,
  interleavings: isFull ? 300 : 25,
} as const;
