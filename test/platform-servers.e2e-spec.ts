import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { defaultHttpLimits, type HttpLimits } from '../src/http/http-limits.js';
import { HttpServers, type RawRefusalFields } from '../src/http/http-servers.js';
import { Wire } from './support/wire.js';

const NEVER = 2 ** 31 - 1;
const wires: Wire[] = [];
const held: ServerResponse[] = [];
const lines: string[] = [];
const refusals: RawRefusalFields[] = [];
let servers: HttpServers;
let port: number;

afterEach(async () => {
  for (const response of held.splice(0)) response.destroy();
  for (const wire of wires.splice(0)) wire.drop();
  await servers.close();
  lines.length = 0;
  refusals.length = 0;
});

describe('a request that is not sent to its end', () => {
  const limits = { headersTimeoutMs: 400, requestTimeoutMs: 400, checkIntervalMs: 20 };

  it.each([
    ['in its headers', ['GET / HTTP/1.1', 'Host:']],
    ['in its body', ['POST /held HTTP/1.1', 'Host: x', 'Content-Length: 10', '', '12345']],
  ])('is answered 408 and closed when it stops %s, and delays nobody', async (_, head) => {
    await start(limits);
    const slow = (await open()).send(...head);
    expect((await (await open()).send('GET / HTTP/1.1', 'Host: x', '', '').answer()).status).toBe(200);
    const answer = await slow.rest();
    expect(answer).toMatchObject({ status: 408, headers: { connection: 'close' } });
    expect(JSON.parse(answer.body)).toEqual({
      statusCode: 408,
      error: 'Request Timeout',
      code: 'request_timeout',
      detail: 'The request was not sent in time',
    });
    const id = answer.headers['x-request-id'];
    expect(lines).toEqual([`Refused 408 (The request was not sent in time) ${id}`]);
    expect(refusals).toEqual([{ request_id: id, status: 408, address: '127.0.0.1', code: 'request_timeout' }]);
  });

  it('is cut off without a second answer when it had one', async () => {
    await start(limits);
    const slow = (await open()).send('POST / HTTP/1.1', 'Host: x', 'Content-Length: 10', '', '12345');
    expect((await slow.answer()).status).toBe(200);
    expect((await slow.rest()).body).toBe('');
  });

  it('does not take the time of an answer that takes long', async () => {
    await start(limits);
    const patient = (await open()).send('GET /held HTTP/1.1', 'Host: x', '', '');
    const slow = (await open()).send('GET / HTTP/1.1');
    expect((await slow.rest()).status).toBe(408);
    release();
    expect((await patient.answer()).status).toBe(200);
  });
});

describe('what is no request, after a request that is not answered yet', () => {
  const begun = ['POST /other HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked', '', ''];

  it.each<[string, number, string[]]>([
    ['a tunnel', 405, ['CONNECT example.com:443 HTTP/1.1', 'Host: x']],
    ['garbage', 400, ['garbage']],
    ['headers that are too large', 431, ['GET / HTTP/1.1', `X: ${'x'.repeat(20_000)}`]],
    ['a malformed chunk', 400, [...begun, 'zz']],
    ['garbage, and more of it', 400, ['garbage', '', 'GET / HTTP/1.1', 'Host: x', '', 'garbage']],
  ])('%s is answered second', async (_, status, second) => {
    await start({});
    const first = ['POST /held HTTP/1.1', 'Host: x', 'Content-Length: 2', '', 'hi'];
    const wire = (await open()).send(first.join('\r\n') + [...second, '', ''].join('\r\n'));
    await waitFor(() => held.length > 0);
    wire.send('more garbage', '', '');
    // Whoever comes later is served: what is on that connection has been read.
    await (await open()).send('GET / HTTP/1.1', 'Host: x', '', '').answer();
    expect(lines).toEqual([]);
    held.shift()?.end('ok');
    const text = await wire.everything();
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => Number(code))).toEqual([200, status]);
    expect(lines).toEqual([expect.stringContaining(`Refused ${status}`)]);
  });

  it('and comes too late, is answered second and not served after all', async () => {
    await start({ headersTimeoutMs: 50, requestTimeoutMs: 50, checkIntervalMs: 10 });
    const wire = (await open()).send('GET /held HTTP/1.1', 'Host: x', '', 'GET /held HTTP/1.1', '');
    await waitFor(() => held.length === 1);
    // The same patience, begun later: its end is the end of the other, too.
    expect((await (await open()).send('GET / HTTP/1.1').rest()).status).toBe(408);
    wire.send('Host: x', '', '');
    await (await open()).send('GET / HTTP/1.1', 'Host: x', '', '').answer();
    expect(held).toHaveLength(1);
    release();
    const text = await wire.everything();
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => Number(code))).toEqual([200, 408]);
  });

  it('does not cut the answer that ends the connection', async () => {
    await start({});
    const head = ['GET /held HTTP/1.1', 'Host: x', 'Connection: close', '', 'garbage', '', ''];
    const wire = (await open()).send(...head);
    await waitFor(() => held.length === 1);
    const large = 'x'.repeat(5_000_000);
    held.shift()?.setHeader('Content-Length', large.length).end(large);
    expect((await wire.rest()).body).toHaveLength(large.length);
    expect(lines).toEqual([]);
  });

  it('is not answered when the client is gone', async () => {
    await start({});
    const wire = (await open()).send('GET /held HTTP/1.1', 'Host: x', '', 'CONNECT x:1 HTTP/1.1', '', '');
    await waitFor(() => held.length === 1);
    wire.reset();
    await wire.closed;
    release();
    expect((await (await open()).send('GET / HTTP/1.1', 'Host: x', '', '').answer()).status).toBe(200);
  });
});

describe('at shutdown', () => {
  it('connections without a request under way are closed at once, the others when they are answered', async () => {
    await start({ shutdownGraceMs: NEVER });
    const busy = (await open()).send('GET /held HTTP/1.1', 'Host: x', '', '');
    const idle = (await open()).send('GET / HTTP/1.1', 'Host: x', '', '');
    const begun = (await open()).send('GET / HTTP/1.1', 'Host: x', '', '');
    await Promise.all([idle.answer(), begun.answer()]);
    begun.send('GET / HTT');
    const unused = await open();
    const early = (await open()).send('GET /begun HTTP/1.1', 'Host: x', '', '');
    await waitFor(() => held.length === 2);

    const closed = servers.close();
    await Promise.all([idle.closed, begun.closed, unused.closed]);
    release();
    expect(await busy.rest()).toMatchObject({ status: 200, headers: { connection: 'close' } });
    expect(await early.rest()).toMatchObject({ status: 200, headers: { connection: 'keep-alive' } });
    await closed;
    expect(lines).toEqual([]);
  });

  it('a connection with two requests is closed after the second answer', async () => {
    await start({ shutdownGraceMs: NEVER });
    const busy = (await open()).send('GET /held HTTP/1.1', 'Host: x', '', 'GET / HTTP/1.1', 'Host: x', '', '');
    await waitFor(() => held.length === 1);
    const closed = servers.close();
    release();
    expect((await busy.rest()).status).toBe(200);
    await closed;
  });

  it('what is never answered is cut off in the end', async () => {
    await start({ shutdownGraceMs: 10 });
    const busy = (await open()).send('GET /held HTTP/1.1', 'Host: x', '', '');
    await waitFor(() => held.length === 1);
    await servers.close();
    await busy.closed;
    expect(lines).toEqual(['Cut off 1 connection(s) that were still busy']);
  });
});

it('listens at several addresses, all of them with the same end', async () => {
  await start({ shutdownGraceMs: NEVER });
  await servers.listenBeside(['127.0.0.1', '127.0.0.2', '192.0.2.1']);
  const other = await Wire.open(port, '127.0.0.2');
  expect((await other.send('GET / HTTP/1.1', 'Host: x', '', '').answer()).status).toBe(200);
  expect(lines).toEqual([expect.stringMatching(/^Not listening on 192\.0\.2\.1: .*EADDRNOTAVAIL/)]);
  await servers.close();
  await other.closed;
  await expect(Wire.open(port, '127.0.0.2')).rejects.toThrow('ECONNREFUSED');
});

/** Answers at once; what asks for `/held` or `/begun` waits to be released, the latter after its headers. */
function handle({ url = '' }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Content-Length', 2);
  if (url === '/') response.end('ok');
  else held.push(response);
  if (url === '/begun') response.write('o');
}

function release(): void {
  for (const response of held.splice(0)) response.end(response.headersSent ? 'k' : 'ok');
}

async function start(difference: Partial<HttpLimits>): Promise<void> {
  servers = new HttpServers({ ...defaultHttpLimits, ...difference }, (line, refusal) => {
    lines.push(line);
    if (refusal !== undefined) refusals.push(refusal);
  });
  const server = servers.create(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
}

async function open(): Promise<Wire> {
  const wire = await Wire.open(port);
  wires.push(wire);
  return wire;
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}
