import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { AuthModule, Clock, PolicyDecisionPoint, RequirePermissions } from '@nmp/auth';
import { StaticPolicyDecisionPoint } from '@nmp/auth/testing';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { SetClock } from './support/set-clock.js';

@Controller()
class ModelsController {
  @Get()
  list() {
    return [];
  }

  @Get('permitted')
  @RequirePermissions('models.delete')
  permitted() {
    return {};
  }
}

/** Collects spans as an application's SDK does. */
function registerSdk(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  return exporter;
}

describe('spans', () => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    trace.disable();
    context.disable();
    for (const part of running.splice(0).toReversed()) await part.close();
  });

  /** Starts an application that has no keys yet, and does not fetch any by itself. */
  async function start() {
    const clock = new SetClock();
    const issuer = await startIssuer({ clock });
    running.push(issuer);
    const decisions = new StaticPolicyDecisionPoint({ 'alice@example.com': { system: ['models.delete'] } });
    const { app, url } = await startApp('fastify', {
      imports: [
        { module: class Decisions {}, providers: [{ provide: PolicyDecisionPoint, useValue: decisions }] },
        AuthModule.forRoot({ oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' } }),
      ],
      controllers: [ModelsController],
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
    });
    running.push(app);
    const call = async (token: string, path = ''): Promise<number> =>
      (await fetch(`${url}/${path}`, { headers: { authorization: `Bearer ${token}` } })).status;
    issuer.fail({ status: 500 });
    expect(await call(await issuer.accessToken())).toBe(503); // the one attempt of this moment
    issuer.recover();
    clock.advance(30);
    return { issuer, call };
  }

  const told = (exporter: InMemorySpanExporter) => {
    const spans = exporter.getFinishedSpans().map(({ name, kind, status, attributes }) => ({
      name,
      kind,
      failed: status.code === SpanStatusCode.ERROR,
      ...attributes,
    }));
    exporter.reset();
    return spans;
  };

  it('are made of a verification and of the fetch of keys in it, and of no token that is remembered', async () => {
    const exporter = registerSdk();
    const { issuer, call } = await start();
    told(exporter);
    const token = await issuer.accessToken();
    expect(await call(token)).toBe(200);
    const spans = exporter.getFinishedSpans();
    const [fetched, verified] = ['auth.keys.fetch', 'auth.verify'].map((name) =>
      spans.find((span) => span.name === name),
    );
    expect(fetched?.parentSpanContext?.spanId).toBe(verified?.spanContext().spanId);
    expect(told(exporter)).toEqual([
      {
        name: 'auth.keys.fetch',
        kind: SpanKind.CLIENT,
        failed: false,
        'auth.issuer': issuer.issuer,
        'server.address': new URL(issuer.issuer).host,
        'http.response.status_code': 200,
      },
      {
        name: 'auth.verify',
        kind: SpanKind.INTERNAL,
        failed: false,
        'auth.outcome': 'ok',
        'auth.issuer': issuer.issuer,
        'auth.token_kind': 'access',
      },
    ]);
    expect(await call(token)).toBe(200);
    expect(told(exporter)).toEqual([]);
  });

  it('say why a token is refused, and nothing that it says; to refuse is no failure', async () => {
    const exporter = registerSdk();
    const { issuer, call } = await start();
    await call(await issuer.accessToken());
    told(exporter);
    const token = await issuer.accessToken({ subject: 'a-subject', audience: 'another-api' });
    expect(await call(token)).toBe(401);
    expect(told(exporter)).toEqual([
      { name: 'auth.verify', kind: SpanKind.INTERNAL, failed: false, 'auth.outcome': 'token_audience' },
    ]);
  });

  it('fail when nothing can be said', async () => {
    const exporter = registerSdk();
    await start();
    expect(told(exporter)).toEqual([
      { name: 'auth.verify', kind: SpanKind.INTERNAL, failed: true, 'auth.outcome': 'issuer_unavailable' },
    ]);
  });

  it('say what was asked of a decision point, and what it said, not of whom', async () => {
    const exporter = registerSdk();
    const { issuer, call } = await start();
    const [alice, bob] = [await issuer.accessToken({ email: 'alice@example.com' }), await issuer.accessToken()];
    for (const token of [alice, bob]) await call(token);
    told(exporter);
    expect([await call(alice, 'permitted'), await call(bob, 'permitted')]).toEqual([200, 403]);
    const decision = {
      name: 'auth.decide',
      kind: SpanKind.INTERNAL,
      failed: false,
      'auth.permissions': ['models.delete'],
    };
    expect(told(exporter)).toEqual([
      { ...decision, 'auth.outcome': 'ok' },
      { ...decision, 'auth.outcome': 'access_denied' },
    ]);
  });

  it('are made as soon as an SDK is registered, and none before', async () => {
    const { issuer, call } = await start();
    expect(await call(await issuer.accessToken())).toBe(200);
    const exporter = registerSdk();
    expect(await call(await issuer.accessToken({ subject: 'another' }))).toBe(200);
    expect(told(exporter)).toMatchObject([{ name: 'auth.verify', 'auth.outcome': 'ok' }]);
  });
});
