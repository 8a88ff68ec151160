import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Logger, type Type } from '@nestjs/common';
import { AuthModule, Clock } from '@nmp/auth';
import { startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { codeBlocks } from './support/markdown-blocks.js';
import { SetClock } from './support/set-clock.js';
import { TypescriptBlocks } from './support/typescript-block.js';

/** What the blocks of the guide export. */
interface GuideClasses {
  readonly CallerMetrics: Type<{ readonly counts: ReadonlyMap<string, number> }>;
  readonly SignInTrail: Type<{ readonly queue: readonly unknown[] }>;
  readonly HealthController: Type;
}

@Controller('models')
class ModelsController {
  @Get()
  list() {
    return [];
  }
}

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'events.md'), 'utf8');

describe('the guide to events', () => {
  const running: { close(): Promise<unknown> }[] = [];
  let programs: TypescriptBlocks;
  let guide: GuideClasses;

  beforeAll(async () => {
    const blocks = codeBlocks(page).filter(({ language }) => language === 'ts');
    const texts = Object.fromEntries(blocks.map(({ text, line }) => [`line-${line}.ts`, text]));
    programs = TypescriptBlocks.compile(texts);
    expect(Object.keys(texts).flatMap((name) => programs.problemsOf(name))).toEqual([]);
    const all = await Promise.all(
      Object.keys(texts).map((name) => import(programs.fileOf(name)) as Promise<Partial<GuideClasses>>),
    );
    guide = Object.assign({}, ...all) as GuideClasses; // that is what the page defines
  });

  afterAll(() => programs.remove());

  afterEach(async () => {
    jest.restoreAllMocks();
    for (const part of running.splice(0).toReversed()) await part.close();
  });

  it('counts callers, writes down who signs in, and knows whether tokens can be verified', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const clock = new SetClock();
    const issuer = await startIssuer({ clock });
    issuer.fail({ status: 500 });
    const { CallerMetrics, SignInTrail, HealthController } = guide;
    const { app, url } = await startApp('fastify', {
      imports: [AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } })],
      controllers: [ModelsController, HealthController],
      providers: [CallerMetrics, SignInTrail],
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
    });
    running.push(issuer, app);
    const health = async (): Promise<unknown> => {
      const answer = await fetch(`${url}/health`);
      const { status } = (await answer.json()) as { status: string };
      return [answer.status, status];
    };
    const call = (token: string): Promise<Response> =>
      fetch(`${url}/models`, { headers: { authorization: `Bearer ${token}` } });

    expect(await health()).toEqual([503, 'down']);
    const token = await issuer.accessToken({ subject: 'alice' });
    expect((await call(token)).status).toBe(503); // no other attempt is under way when the next begins
    issuer.recover();
    clock.advance(30);
    await call(token);
    await call(token);
    await call('garbage');
    expect(await health()).toEqual([200, 'up']);
    expect(app.get(SignInTrail).queue).toEqual([{ who: 'alice', issuer: issuer.issuer, by: 'http' }]);
    const { counts } = app.get(CallerMetrics);
    expect([...counts]).toEqual([
      ['out http issuer_unavailable', 1],
      ['in http verified', 1],
      ['in http remembered', 1],
      ['out http token_malformed', 1],
    ]);
  });
});
