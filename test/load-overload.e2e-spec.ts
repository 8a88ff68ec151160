import { afterEach, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AuthModuleOptions } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import type { HttpServerAdapter } from '../src/http/http-server.adapter.js';
import { firstOf, HeldRequests } from './support/held-requests.js';
import { startIssuer } from './support/issuers.js';
import { platformConfig, startPlatform } from './support/platform.js';
import { Wire } from './support/wire.js';

const places = 3;
const whoami = '/apis/auth/v2/whoami';
const workspaces = '/apis/entities/v2/workspaces';
const overloaded = {
  statusCode: 503,
  error: 'Service Unavailable',
  code: 'overloaded',
  detail: 'Too many requests at once',
};
const running: { close(): Promise<unknown> }[] = [];
const wires: Wire[] = [];
let issuer: TestIssuer;
let app: NestFastifyApplication;
let url: string;
let token: string;

afterEach(async () => {
  for (const wire of wires.splice(0)) wire.drop();
  await Promise.all(running.splice(0).map((part) => part.close()));
});

describe('a platform with as many requests as it has places', () => {
  it('answers others 503 at once, and serves when a place is free', async () => {
    const held = await startHolding();
    const answers = Array.from({ length: places + 4 }, () => get(whoami));
    const refused = await firstOf(answers, 4);

    for (const answer of refused) {
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
      expect(await answer.json()).toEqual(overloaded);
    }
    expect(pending()).toBe(places);

    held.letGo();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 200, 200, 503, 503, 503, 503]);
    expect(pending()).toBe(0);
    expect((await get(whoami)).status).toBe(200);
  });

  it('still says how it is: with no keys it is not ready', async () => {
    const held = await startHolding();
    const answers = Array.from({ length: places + 1 }, () => get(whoami));
    await firstOf(answers, 1);

    for (const path of ['/health/live', '/health', '/healthz', '/metrics']) {
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
    expect(await (await get('/metrics')).text()).toContain(`nmp_http_requests_pending ${places}`);
    for (const path of ['/health/ready', '/ready', '/readyz']) {
      expect(await (await get(path)).json()).toMatchObject({ code: 'unavailable' });
    }
    held.letGo();
    await Promise.all(answers);
  });

  it('has the place of a request again whose client has gone', async () => {
    const held = await startHolding();
    const gone = Array.from({ length: places }, () => new AbortController());
    const given = gone.map(({ signal }) => get(whoami, { signal }).catch(() => 'gone'));
    await underWay(places);
    for (const client of gone) client.abort();
    expect(await Promise.all(given)).toEqual(['gone', 'gone', 'gone']);
    await underWay(0);
    held.letGo();

    expect((await get(whoami)).status).toBe(200);
  });
});

describe('a platform that verifies as many tokens as it may', () => {
  it('tells gateways to ask again, not that the token is bad', async () => {
    const held = await startHolding({ maxPendingVerifications: 1 });
    const first = [get('/apis/auth/authenticate'), get('/apis/auth/ext-authz/models')];
    const refusals = [
      ...(await firstOf(first, 1)),
      await get('/apis/auth/authenticate'),
      await get('/apis/auth/ext-authz/models'),
    ];

    for (const refused of refusals) {
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(await refused.json()).toEqual(overloaded);
    }
    held.letGo();
    const statuses = (await Promise.all(first)).map(({ status }) => status);
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 503]);
  });
});

describe('clients that are slow', () => {
  it('take no places with bodies that they do not send', async () => {
    await start();
    const body = '{"name":"slowly"}';
    const slow: Wire[] = [];
    for (let count = 0; count < places + 2; count += 1) {
      const wire = await post(body.length);
      await wire.hear('HTTP/1.1 100 Continue\r\n\r\n');
      slow.push(wire);
    }

    expect(pending()).toBe(0);
    expect((await get(whoami)).status).toBe(200);
    expect((await slow[0]!.send(body).answer()).status).toBe(201);
    for (const wire of slow.slice(1)) wire.drop();
    await underWay(0);
    expect((await get(whoami)).status).toBe(200);
  });
});

/** Every request with a token waits, because its issuer's keys are not there yet. */
async function startHolding(options: AuthModuleOptions = {}): Promise<HeldRequests> {
  const held = new HeldRequests();
  held.isHolding = true;
  await start({ ...options, fetch: held.fetch });
  return held;
}

async function start(options: AuthModuleOptions = {}): Promise<void> {
  issuer = await startIssuer();
  running.push(issuer);
  const { auth } = platformConfig(issuer.issuer);
  const loadLimits = { maxPendingRequests: places, maxEventLoopDelayMs: 0 };
  // What is held is let go by the test, not by the clock.
  const patient = { ...auth, httpTimeoutMs: 600_000, ...options };
  app = await startPlatform(platformConfig(issuer.issuer, { auth: patient, loadLimits }));
  running.push(app);
  url = `http://127.0.0.1:${port()}`;
  token = await issuer.accessToken({ audience: 'nmp-platform' });
}

function get(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url + path, { headers: { authorization: `Bearer ${token}` }, ...init });
}

/** A request for a workspace whose body is yet to come. */
async function post(length: number): Promise<Wire> {
  const wire = await Wire.open(port());
  wires.push(wire);
  return wire.send(
    `POST ${workspaces} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${length}`,
    'Expect: 100-continue',
    '',
    '',
  );
}

async function underWay(count: number): Promise<void> {
  while (pending() !== count) await new Promise((resolve) => setImmediate(resolve));
}

function pending(): number {
  return (app.getHttpAdapter() as unknown as HttpServerAdapter).pendingRequests; // what the platform is made with
}

function port(): number {
  return (app.getHttpServer().address() as AddressInfo).port;
}
