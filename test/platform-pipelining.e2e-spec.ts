import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, pipeline } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { defaultHttpLimits } from '../src/http/http-limits.js';
import { HttpServers } from '../src/http/http-servers.js';
import { Wire } from './support/wire.js';

const limit = 4;
const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const running: ServerResponse[] = [];
let servers: HttpServers;
let wire: Wire;
let begun: number;
let port: () => number;

afterEach(async () => {
  wire.drop();
  for (const response of running.splice(0)) response.destroy();
  await servers.close();
});

describe('a connection that sends requests ahead', () => {
  it('has but so many of them worked on, and the others when those are answered', async () => {
    await open();
    wire.send(request.repeat(30));
    await waitFor(() => begun === limit);
    // Whoever comes later is served: what that connection has sent is read.
    const other = (await Wire.open(port())).send(request);
    await waitFor(() => begun === limit + 1);
    running.pop()?.end('other');
    await other.answer();
    other.drop();
    expect(begun).toBe(limit + 1);

    for (let count = 1; count < 30; count += 1) {
      running.shift()?.end(`answer ${count} `);
      await waitFor(() => begun === 1 + Math.min(30, limit + count));
    }
    wire.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    running.shift()?.end('answer 30 ');
    await waitFor(() => begun === 32);
    running.shift()?.end('answer 31 ');
    const answers = [...(await wire.everything()).matchAll(/answer (\d+)/g)].map(([, number]) => Number(number));
    expect(answers).toEqual(Array.from({ length: 31 }, (_, index) => index + 1));
  });

  it('leaves nothing open when it ends, of answers that did not get their turn either', async () => {
    await open();
    wire.send(request.repeat(30));
    await waitFor(() => begun === limit);
    const closed = running.slice(0, 3).map(answerFromSource);
    const late = running[3]!;
    wire.reset();
    await Promise.all(closed);
    await expect(finished(late)).rejects.toThrow('Premature close');
    // What is answered only now is let go of, too.
    await answerFromSource(late);
    expect(begun).toBe(limit);
  });
});

/** Answers with what has no end. @returns when it is read no more. */
async function answerFromSource(response: ServerResponse): Promise<void> {
  const source = new PassThrough();
  source.write('x'.repeat(100));
  pipeline(source, response, () => undefined);
  await new Promise((resolve) => source.once('close', resolve));
}

async function open(): Promise<void> {
  begun = 0;
  servers = new HttpServers({ ...defaultHttpLimits, maxPipelinedRequests: limit }, () => undefined);
  const server = servers.create((_request, response) => {
    begun += 1;
    running.push(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = () => (server.address() as AddressInfo).port; // it listens on a port
  wire = await Wire.open(port());
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}
