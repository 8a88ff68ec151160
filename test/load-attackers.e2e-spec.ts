import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AccessTokenInput, TestIssuer } from '@nmp/auth/testing';
import type { HttpServerAdapter } from '../src/http/http-server.adapter.js';
import { startIssuer } from './support/issuers.js';
import { platformConfig, startPlatform } from './support/platform.js';
import { Wire } from './support/wire.js';

const audience = 'nmp-platform';
const wires: Wire[] = [];
let issuer: TestIssuer;
let app: NestFastifyApplication;

beforeAll(async () => {
  issuer = await startIssuer();
  const { auth } = platformConfig(issuer.issuer);
  // The keys are not fetched again, however long this takes.
  const config = platformConfig(issuer.issuer, { auth: { ...auth, jwksCooldownSeconds: 3_600 } });
  app = await startPlatform(config, { checkIntervalMs: 50 });
  expect(await honest(1)).toEqual([200]); // the keys are there
});

afterEach(() => {
  for (const wire of wires.splice(0)) wire.drop();
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

describe('no honest request fails beside', () => {
  it.each<[string, string, (attempt: number) => AccessTokenInput]>([
    ['invented key ids', 'token_key', (attempt) => ({ header: { kid: `invented-${attempt}` } })],
    ['invented issuers', 'token_issuer', (attempt) => ({ claims: { iss: `https://idp-${attempt}.example.com` } })],
    ['tokens for others', 'token_audience', (attempt) => ({ audience: `api-${attempt}` })],
  ])('three hundred tokens with %s, nor is the issuer asked about them', async (_, code, odd) => {
    const before = issuer.requests.length;
    const bad = await Promise.all(
      Array.from({ length: 300 }, (_each, attempt) => issuer.accessToken({ audience, ...odd(attempt) })),
    );
    const [attacks, statuses] = await Promise.all([Promise.all(bad.map((token) => codeOf(get(token)))), honest(60)]);

    expect(new Set(attacks)).toEqual(new Set([code]));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(issuer.requests.length - before).toBe(0);
    expect(pending()).toBe(0);
  });

  it.each([
    ['tokens of a megabyte', (): string => `Authorization: Bearer ${'e'.repeat(1_048_576)}`],
    ['headers of a hundred kilobytes', (): string => `X-Filler: ${'a'.repeat(102_400)}`],
  ])('%s', async (_, header) => {
    const attackers = await Promise.all(
      Array.from({ length: 20 }, () => open('GET / HTTP/1.1', 'Host: x', header(), '', '')),
    );
    const statuses = await honest(60);

    expect(new Set(statuses)).toEqual(new Set([200]));
    const answers = await Promise.all(attackers.map((attacker) => attacker.rest()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([431]));
    expect(pending()).toBe(0);
  });

  it('connections on which a request never ends; they are closed', async () => {
    const attackers = await Promise.all(Array.from({ length: 100 }, () => open('GET / HTTP/1.1', 'Host: x', 'X-A')));
    const statuses = await honest(60);

    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(pending()).toBe(0);
    app.getHttpServer().headersTimeout = 100;
    const answers = await Promise.all(attackers.map((attacker) => attacker.rest()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([408]));
    app.getHttpServer().headersTimeout = 15_000;
    expect(await honest(1)).toEqual([200]);
  });
});

/** Requests with good tokens, each of them new to the platform, at once. */
async function honest(count: number): Promise<number[]> {
  const tokens = await Promise.all(Array.from({ length: count }, () => issuer.accessToken({ audience })));
  const answers = await Promise.all(tokens.map(get));
  return answers.map(({ status }) => status);
}

function get(token: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${port()}/apis/auth/v2/whoami`, { headers: { authorization: `Bearer ${token}` } });
}

async function codeOf(answer: Promise<Response>): Promise<unknown> {
  const { code } = (await (await answer).json()) as { code?: unknown };
  return code;
}

async function open(...lines: string[]): Promise<Wire> {
  const wire = await Wire.open(port());
  wires.push(wire);
  return wire.send(...lines);
}

function pending(): number {
  return (app.getHttpAdapter() as unknown as HttpServerAdapter).pendingRequests; // what the platform is made with
}

function port(): number {
  return (app.getHttpServer().address() as AddressInfo).port;
}
