import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DevIdp, FormBrowser } from '@nmp/dev-idp';
import supertest from 'supertest';
import { expectedShape, filled } from '../libs/sdk/test/support/expected-shape.js';
import { exchangeFiles, exchangesOf, recordedSignIns, singleRequests } from './support/original-clients.js';
import { platformConfig, startPlatform } from './support/platform.js';
import { ReplayStage } from './support/replay-stage.js';

describe("the original's clients", () => {
  const exchanges = exchangeFiles.flatMap(exchangesOf);
  let stage: ReplayStage;

  beforeAll(async () => {
    stage = await ReplayStage.start(exchanges.map(({ platform = 'usual' }) => platform));
  });
  afterAll(() => stage?.close());

  describe.each(exchangeFiles)('%s', (file) => {
    it.each(exchangesOf(file).flatMap(singleRequests))('$name: $expected.status', async (recorded) => {
      const answer = await stage.replay(recorded);
      const { status, headers = {}, body = {} } = stage.filled(recorded.expected);
      const named = Object.keys(headers).map((name) => [name, answer.headers[name] ?? null]);
      expect({ status: answer.status, body: answer.body, headers: Object.fromEntries(named) }).toEqual({
        status,
        body: expectedShape(body),
        headers: expectedShape({ $only: headers }),
      });
    });
  });

  it('tells of every difference what the original does, and why this platform does not', () => {
    const differences = exchanges.flatMap(({ differs }) => differs ?? []);
    expect(differences.length).toBeGreaterThan(0);
    for (const difference of differences) {
      expect(difference).toEqual({ original: expect.any(String), why: expect.stringMatching(/\.$/) });
    }
  });
});

describe("the original's sign-ins", () => {
  let idp: DevIdp;
  let platform: NestFastifyApplication;
  let endpoints: Record<string, string>;

  beforeAll(async () => {
    idp = await DevIdp.start();
    platform = await startPlatform(platformConfig(idp.issuer));
    const { body } = await supertest(platform.getHttpServer()).get('/apis/auth/discovery').expect(200);
    endpoints = body.oidc;
  });
  afterAll(async () => {
    await platform?.close();
    await idp?.close();
  });

  it.each(recordedSignIns)('$id: $source', async ({ steps }) => {
    const known: Record<string, string> = {};
    for (const step of steps) {
      if ('person' in step) {
        await answerPage(known.page ?? '', step.person === 'agrees' ? 'Allow' : 'Deny');
        continue;
      }
      const answer = await post(endpoints[step.endpoint] ?? '', filled(step.form, known));
      expect(answer).toEqual(expectedShape({ body: {}, ...step.expected }));
      for (const [variable, member] of Object.entries(step.remember ?? {})) {
        known[variable] = String(answer.body[member]);
      }
    }
    const { access_token: token } = known;
    if (token !== undefined) {
      const list = supertest(platform.getHttpServer()).get('/apis/entities/v2/workspaces');
      await list.auth(token, { type: 'bearer' }).expect(200);
    }
  });
});

async function post(url: string, form: Readonly<Record<string, string>>) {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Walks through the real pages as Alice, a browser that nobody has signed in with. */
async function answerPage(page: string, button: string): Promise<void> {
  const browser = await new FormBrowser().open(page);
  await browser.submit({}, { button: 'Continue' });
  await browser.submit({ login: 'alice@example.com', password: 'alice-password' });
  await browser.submit({}, { button });
}
