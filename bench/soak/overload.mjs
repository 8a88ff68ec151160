import { setTimeout as pause } from 'node:timers/promises';
import { answered, failed, figuresFor, rateOf, tellOf } from './load-figures.mjs';

const times = 3;
const lookEveryMs = 20;
const recoverySeconds = 2;

/**
 * The application with three times as much to do as it can, and afterwards.
 *
 * @param {import('./stage.mjs').Stage} stage
 * @param {{ seconds: number, capacity: number, connections: number, steadyConnections: number }} how
 */
export async function measureOverload(stage, { seconds, capacity, connections, steadyConnections }) {
  const { load, server } = stage;
  await server.ask('eventLoop');
  const watch = watchPending(server);
  const result = await load.ask('atRate', { seconds, rate: times * capacity, connections, isPatient: false });
  const most = await watch.end();
  tellOf(stage.application, result);
  const { pending } = await server.ask('pending');
  const eventLoop = await server.ask('eventLoop');
  const after = await load.ask('atRate', {
    seconds: recoverySeconds,
    rate: capacity / 2,
    connections: steadyConnections,
  });

  const { of, none } = figuresFor(stage.application, 'overload');
  const { 200: served = 0, 503: refused = 0 } = result.statuses;
  const offered = answered(result) / result.seconds;
  return [
    of('asked', times * capacity, 'requests/s'),
    of('reached the server', offered, 'requests/s'),
    of('served', rateOf(result), 'requests/s'),
    of('served / capacity', rateOf(result) / capacity, 'ratio'),
    of('answered 503', (100 * refused) / Math.max(1, served + refused), '%'),
    none('503 without Retry-After', result.refusedWithoutRetryAfter),
    none('neither 200 nor 503', failed(result) - refused),
    of('served, p99', result.p99, 'ms'),
    of('event loop late, p99', eventLoop.p99, 'ms'),
    ...(most === undefined ? [] : [of('most under way', most, 'requests')]),
    of('queue empty after', result.drainMs, 'ms'),
    ...(pending === undefined ? [] : [none('under way when it is over', pending)]),
    none('failed afterwards', failed(after)),
    of('p99 afterwards', after.p99, 'ms'),
  ];
}

/** The most requests that are ever seen under way, where the application tells. */
function watchPending(server) {
  const looking = { isOver: false };
  let most;
  const watching = (async () => {
    while (!looking.isOver) {
      const { pending } = await server.ask('pending');
      if (pending === undefined) return;
      most = Math.max(most ?? 0, pending);
      await pause(lookEveryMs);
    }
  })();
  return {
    async end() {
      looking.isOver = true;
      await watching;
      return most;
    },
  };
}
