import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { evaluateWith } from './support/bench-script.js';

describe('the best peer', () => {
  const measured = {
    'cold, RS256': [120, 100, 80],
    'open, RS256': [240, 200, 160],
    'slow, RS256': [30, 25, 20],
    'fast, RS256': [100, 80, 64],
  };

  it('is the one with the smallest lead of the module, paired by round', async () => {
    const peers = [{ name: 'slow' }, { name: 'fast' }, { name: 'not measured here' }];

    expect(await bestOf(peers, measured)).toEqual({ ratio: 1.25, peer: 'fast' });
  });

  it('is compared over its own open route, too, when it has one', async () => {
    const peers = [{ name: 'slow', directory: 'slow' }, { name: 'fast' }];
    const ownOpen = { 'slow, its open route, RS256': [45, 37.5, 30] };

    expect(await bestOf(peers, { ...measured, ...ownOpen })).toEqual({
      ratio: 0.75,
      peer: 'slow, each over its open route',
    });
  });

  it('is compared directly when that is less of a lead', async () => {
    const peers = [{ name: 'fast', directory: 'fast' }];
    const ownOpen = { 'fast, its open route, RS256': [1000, 800, 640] };

    expect(await bestOf(peers, { ...measured, ...ownOpen })).toEqual({ ratio: 1.25, peer: 'fast' });
  });

  function bestOf(peers: readonly object[], rates: object): Promise<unknown> {
    return evaluateWith(
      'comparison.mjs',
      `bench.bestPeer(${JSON.stringify(rates)}, ${JSON.stringify(peers)}, 'RS256')`,
    );
  }
});

describe('a figure', () => {
  it.each([
    ['a ratio that reaches its target', `'warm / open', 'express', 0.92, 'ratio'`, true],
    ['a ratio that does not', `'warm / open', 'express', 0.919, 'ratio'`, false],
    ['a time within its limit', `'AuthModule adds to bootstrap', 'fastify', 50, 'ms'`, true],
    ['a time beyond it', `'AuthModule adds to bootstrap', 'fastify', 50.1, 'ms'`, false],
    ['what has no target', `'warm / open, one core', 'express', 0.5, 'ratio'`, undefined],
  ])('judges %s', async (_kind, figure, met) => {
    const judged = await evaluateWith('figures.mjs', `bench.figureOf(${figure})`);

    expect(judged).toEqual(met === undefined ? expect.not.objectContaining({ met: expect.anything() }) : withMet(met));
  });

  it('names the peer in the table', async () => {
    const figure = `bench.figureOf('cold / best peer, RS256', 'express', 1.2, 'ratio', { peer: 'jose' })`;

    expect(await evaluateWith('figures.mjs', `bench.tableOf([${figure}])`)).toMatch(
      / 1\.2 +ratio +met \(1\.15\) +beside jose$/,
    );
  });

  it('that a peer has no form for says so', async () => {
    const table = await evaluateWith('figures.mjs', `bench.tableOf([bench.notOffered('jose / open', 'fastify')])`);

    expect(table).toMatch(/^fastify +jose \/ open +not offered$/);
  });

  function withMet(met: boolean): unknown {
    return expect.objectContaining({ met });
  }
});

describe('the look at a route before it is measured', () => {
  const token = `${'h'.repeat(20)}.${'c'.repeat(20)}.${'s'.repeat(100)}`;

  it('is content with a guard that refuses an altered signature', async () => {
    await expect(probe({ isOpen: false }, guard)).resolves.toBeNull();
  });

  it('is not content with one that lets it pass', async () => {
    await expect(probe({ isOpen: false }, (_, response) => void response.end())).rejects.toThrow(
      'a route answered 200 instead of 401 to a forged token',
    );
  });

  it('is not content with one that refuses everything', async () => {
    await expect(probe({ isOpen: false }, (_, response) => void response.writeHead(401).end())).rejects.toThrow(
      'a route answered 401 to a good token',
    );
  });

  it('is not content with an open route that has a guard', async () => {
    await expect(probe({ isOpen: true }, guard)).rejects.toThrow('a route answered 401 instead of 200');
  });

  const guard: RequestListener = (request, response) =>
    void response.writeHead(request.headers.authorization === `Bearer ${token}` ? 200 : 401).end();

  async function probe({ isOpen }: { isOpen: boolean }, route: RequestListener): Promise<unknown> {
    const server = createServer(route).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // a TCP server that listens
    const expected = JSON.stringify({ token, isOpen });
    try {
      return await evaluateWith('probe.mjs', `bench.probe('a route', 'http://127.0.0.1:${port}', ${expected})`);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }
});
