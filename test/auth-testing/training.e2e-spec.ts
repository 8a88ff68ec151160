import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { INestApplication, INestMicroservice } from '@nestjs/common';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { Test } from '@nestjs/testing';
import { AuthorizedClient } from '@nmp/auth';
import { asPrincipal, authTestingModule, TestCallers } from '@nmp/auth/testing';
import { lastValueFrom } from 'rxjs';
import { io } from 'socket.io-client';
import request from 'supertest';
import { TrainingModule } from './training.module.js';

const tcp = (port: number) => ({ transport: Transport.TCP as const, options: { host: '127.0.0.1', port } });
const alice = { email: 'alice@example.com', scopes: ['training:read'] };
let app: INestApplication;
let messages: INestMicroservice;

beforeAll(async () => {
  const module = await Test.createTestingModule({ imports: [authTestingModule(), TrainingModule] }).compile();
  app = module.createNestApplication();
  app.useWebSocketAdapter(new IoAdapter(app));
  messages = app.connectMicroservice(tcp(0));
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());

it('answers queries of GraphQL', async () => {
  const query = () => request(app.getHttpServer()).post('/graphql').send({ query: '{ trainer }' });
  await query()
    .use(asPrincipal(alice))
    .expect(200, { data: { trainer: 'alice@example.com' } });
});

it('is followed over sockets', async () => {
  const socket = io(await app.getUrl(), { auth: { token: TestCallers.of(app).token(alice) } });
  expect(await socket.emitWithAck('follow', {})).toEqual({ follower: 'alice@example.com' });
  socket.disconnect();
});

it('is started by messages', async () => {
  const { port } = messages.unwrap<Server>().address() as AddressInfo;
  const client = ClientProxyFactory.create(tcp(port));
  const job = { client: 'nightly-job', scopes: ['training:write'] };
  const sender = new AuthorizedClient(client, () => TestCallers.of(app).token(job));
  expect(await lastValueFrom(sender.send('training.start', {}))).toEqual({ startedBy: 'nightly-job' });
  client.close();
});
