import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { benchScript, evaluateWith } from './support/bench-script.js';

describe('the growth of memory', () => {
  it.each<[string, number, string]>([
    ['none', 0, '[{ minutes: 0, value: 5 }, { minutes: 1, value: 5 }, { minutes: 2, value: 5 }]'],
    ['two a minute', 2, '[{ minutes: 0, value: 5 }, { minutes: 1, value: 7 }, { minutes: 2, value: 9 }]'],
    ['about one', 1, '[{ minutes: 0, value: 1 }, { minutes: 1, value: 0 }, { minutes: 2, value: 3 }]'],
    ['nothing to be seen', 0, '[{ minutes: 1, value: 5 }]'],
  ])('is %s', async (_, slope, samples) => {
    expect(await evaluateWith('soak/heap-slope.mjs', `bench.slopeOf(${samples})`)).toBe(slope);
  });
});

describe('the load', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
  });

  it('counts what was answered, by status, and each token is sent on every path', async () => {
    const seen = new Set<string>();
    const result = await loadOn((request, response) => {
      seen.add(`${request.url} ${request.headers.authorization}`);
      const isOdd = request.url === '/odd';
      response.writeHead(isOdd ? 503 : 200, isOdd ? { 'retry-after': '1' } : {}).end('{}');
    });

    const { statuses, problems, refusedWithoutRetryAfter } = result;
    expect(Math.abs(statuses[200]! - statuses[503]!)).toBeLessThanOrEqual(1);
    expect([problems, refusedWithoutRetryAfter]).toEqual([{}, 0]);
    expect(seen).toEqual(new Set(['/odd Bearer a', '/even Bearer a', '/odd Bearer b', '/even Bearer b']));
  });

  it('tells a refusal without Retry-After, and a connection that ends without an answer', async () => {
    const result = await loadOn((request, response) => {
      if (request.url === '/odd') response.writeHead(503).end();
      else request.socket.destroy();
    });

    expect(result.statuses[503]).toBe(result.refusedWithoutRetryAfter);
    expect(Object.keys(result.statuses)).toEqual(['503']);
    expect(Object.values(result.problems).length).toBeGreaterThan(0);
  });

  async function loadOn(answer: RequestListener): Promise<{
    readonly statuses: Readonly<Record<string, number>>;
    readonly problems: Readonly<Record<string, number>>;
    readonly refusedWithoutRetryAfter: number;
  }> {
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // a TCP server that listens
    const aim = { address: { host: '127.0.0.1', port }, paths: ['/odd', '/even'], tokens: ['a', 'b'] };
    const expression = `(async () => {
      const load = new bench.ApplicationProcess(${JSON.stringify(benchScript('soak/load.mjs'))}, []);
      await load.ready();
      await load.ask('aim', ${JSON.stringify(aim)});
      const result = await load.ask('asFastAsAnswered', { seconds: 1, connections: 1 });
      await load.end();
      return result;
    })()`;
    return (await evaluateWith('application-process.mjs', expression)) as Awaited<ReturnType<typeof loadOn>>; // a tally
  }
});
