import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultHttpLimits } from './http-limits.js';
import { HttpServers } from './http-servers.js';

const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
let servers: HttpServers;
let port: number;
let client: Socket;
let received: string;

beforeEach(async () => {
  servers = new HttpServers(defaultHttpLimits, () => undefined);
  const server = servers.create((_request, response) => response.end('answered'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ({ port } = server.address() as AddressInfo); // it listens on a port
  client = await connected();
});

afterEach(async () => {
  await servers.close();
  client.destroy();
});

describe('HttpServers, when they are closed', () => {
  it('answer what was sent on a connection that seems to be idle, and end it', async () => {
    client.write(request);
    await once(client, 'data');
    client.write(request);
    await Promise.all([servers.close(), once(client, 'close')]);
    expect(received.match(/answered/g)).toHaveLength(2);
    expect(received.match(/connection: close/gi)).toHaveLength(1);
  });

  it('let in who has connected already', async () => {
    const late = connect(port, '127.0.0.1').setEncoding('utf8');
    late.on('error', () => undefined);
    late.write(request);
    // The connection is made, and nobody has taken it yet.
    while (late.connecting) await Promise.race([once(late, 'connect'), once(late, 'error')]);
    const closing = servers.close();
    const [answer] = (await once(late, 'data')) as [string];
    expect(answer).toContain('answered');
    await closing;
  });

  it('end connections that say nothing', async () => {
    await Promise.all([servers.close(), once(client, 'close')]);
    expect(received).toBe('');
  });
});

async function connected(): Promise<Socket> {
  received = '';
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.on('data', (text) => (received += String(text)));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
