import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { environmentFetch } from './environment-fetch.js';

describe('environmentFetch', () => {
  const servers: Server[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function listen(server: Server): Promise<string> {
    servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens
  }

  /** A server, and a proxy which takes it for every host and notes whom it was asked for. */
  async function start() {
    const target = await listen(createServer((_request, response) => response.end('here')));
    const asked: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      const upstream = connect(Number(new URL(target).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      socket.on('error', () => upstream.destroy());
    });
    return { target, asked, proxy: await listen(proxy) };
  }

  it.each(['HTTP_PROXY', 'http_proxy'])('goes through the proxy of %s', async (name) => {
    const { asked, proxy } = await start();
    const answer = await environmentFetch({ env: { [name]: proxy } })('http://idp.example.com/keys', {});
    expect([await answer.text(), asked]).toEqual(['here', ['idp.example.com:80']]);
  });

  it('goes to this machine straight, and to the hosts of NO_PROXY', async () => {
    const { target, asked, proxy } = await start();
    const fetch = environmentFetch({ env: { HTTP_PROXY: proxy, NO_PROXY: 'internal.invalid' } });
    for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', 'LOCALHOST', 'a.localhost']) {
      const url = target.replace('127.0.0.1', host);
      const answer = await fetch(url, {}).then(
        (response) => response.text(),
        () => 'not through the proxy',
      );
      expect(['here', 'not through the proxy']).toContain(answer);
    }
    expect(await (await fetch(target, {})).text()).toBe('here');
    await expect(fetch('http://internal.invalid/', {})).rejects.toThrow();
    expect(asked).toEqual([]);
  });

  it('uses no proxy where NO_PROXY says so of every host', async () => {
    const { asked, proxy } = await start();
    const fetch = environmentFetch({ env: { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: '*' } });
    await expect(fetch('http://internal.invalid/', {})).rejects.toThrow();
    expect(asked).toEqual([]);
  });
});
