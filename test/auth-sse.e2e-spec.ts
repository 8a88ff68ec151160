import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  type MessageEvent,
  type NestInterceptor,
  Sse,
  UseInterceptors,
} from '@nestjs/common';
import { AuthModule, type AuthModuleOptions, Clock, OptionalAuth, Principal, Public, RequireScopes } from '@nmp/auth';
import { map, Observable } from 'rxjs';
import { EventSourceClient } from './support/event-source.js';
import { adapters, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { SetClock } from './support/set-clock.js';

const opened: string[] = [];
let onClosed: (data: string) => void = () => {};

/** One event at once, and then none for ever. */
function lasting(data: string): Observable<MessageEvent> {
  opened.push(data);
  return new Observable((subscriber) => {
    subscriber.next({ data });
    return () => onClosed(data);
  });
}

class ShoutingInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler<MessageEvent>): Observable<MessageEvent> {
    return next.handle().pipe(map((event) => ({ ...event, data: (event.data as string).toUpperCase() })));
  }
}

@Controller()
class StreamsController {
  @Sse('news')
  @RequireScopes('news:read')
  @UseInterceptors(ShoutingInterceptor)
  news(@Principal('id') id: string): Observable<MessageEvent> {
    return lasting(`news for ${id}`);
  }

  @Sse('later')
  async later(@Principal('id') id: string): Promise<Observable<MessageEvent>> {
    return Promise.resolve(lasting(`later for ${id}`));
  }

  @Sse('open')
  @Public()
  open(@Principal('kind') kind: string): Observable<MessageEvent> {
    return lasting(`open to ${kind}`);
  }

  @Sse('optional')
  @OptionalAuth()
  optional(@Principal('kind') kind: string): Observable<MessageEvent> {
    return lasting(`optional for ${kind}`);
  }

  @Get('plain')
  plain(): string {
    return 'plain';
  }
}

describe.each(adapters)('server-sent events on %s', (adapter) => {
  const running: { close(): unknown }[] = [];

  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.close();
    opened.length = 0;
    onClosed = () => {};
  });

  const start = async (options: Partial<AuthModuleOptions> = {}) => {
    const clock = new SetClock();
    const issuer = await startIssuer({ clock });
    running.push(issuer);
    const { app, url } = await startApp(adapter, {
      imports: [
        AuthModule.forRoot({
          clockToleranceSeconds: 0,
          oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' },
          ...options,
        }),
      ],
      controllers: [StreamsController],
      override: (builder) => builder.overrideProvider(Clock).useValue(clock),
    });
    running.push(app);
    const open = async (path: string, token?: string): Promise<EventSourceClient> => {
      const client = await EventSourceClient.open(`${url}/${path}`, token);
      running.push({ close: () => client.abort() });
      return client;
    };
    return { clock, issuer, open };
  };

  const expired = {
    event: 'auth',
    data: JSON.stringify({
      statusCode: 401,
      error: 'Unauthorized',
      code: 'token_expired',
      detail: 'Invalid or expired token: it has expired',
    }),
  };

  it('are refused before they begin, as any request is', async () => {
    const { issuer, open } = await start();
    const expectRefused = async (token: string | undefined, status: number, code: string, path = 'news') => {
      const answer = await open(path, token);
      expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ code })]);
      return answer.headers;
    };
    const none = await expectRefused(undefined, 401, 'missing_token');
    expect(none['www-authenticate']).toBe('Bearer realm="nmp"');
    await expectRefused('garbage', 401, 'token_malformed');
    await expectRefused('garbage', 401, 'token_malformed', 'optional');
    await expectRefused('two words', 400, 'malformed_request');
    const narrow = await expectRefused(await issuer.accessToken({ scope: 'files:read' }), 403, 'insufficient_scope');
    expect(narrow['www-authenticate']).toContain('scope="news:read"');
    const away = await start();
    away.issuer.fail('refuse');
    const answer = await away.open('news', await away.issuer.accessToken());
    expect([answer.status, 'retry-after' in answer.headers]).toEqual([503, true]);
    expect(opened).toEqual([]);
  });

  it('N02: end with the token; the last event says so', async () => {
    const { clock, issuer, open } = await start();
    const token = await issuer.accessToken({ scope: 'news:read', expiresInSeconds: 1 });
    const long = await open('news', await issuer.accessToken({ scope: 'news:read', expiresInSeconds: 100 * 86_400 }));
    const [news, later] = [await open('news', token), await open('later', token)];
    expect(await news.next()).toEqual({ data: 'NEWS FOR USER-1' });
    expect(await later.next()).toEqual({ data: 'later for user-1' });
    clock.advance(1);
    for (const stream of [news, later])
      expect([await stream.next(), await stream.next()]).toEqual([expired, undefined]);
    expect(await long.next()).toEqual({ data: 'NEWS FOR USER-1' });
    const again = await open('news', token);
    expect(again.status).toBe(401);
    clock.advance(100 * 86_400);
    const after = await open('open');
    expect(await after.next()).toEqual({ data: 'open to anonymous' });
  });

  it('N05, N06: do not end where nobody has signed in', async () => {
    const { clock, issuer, open } = await start();
    const brief = await issuer.accessToken({ expiresInSeconds: 1 });
    const [open1, optional, known] = [await open('open', brief), await open('optional'), await open('optional', brief)];
    expect(await open1.next()).toEqual({ data: 'open to anonymous' });
    expect(await optional.next()).toEqual({ data: 'optional for anonymous' });
    expect(await known.next()).toEqual({ data: 'optional for user' });
    const ended: string[] = [];
    onClosed = (data) => ended.push(data);
    clock.advance(1);
    expect([await known.next(), await known.next()]).toEqual([expired, undefined]);
    expect(ended).toEqual(['optional for user']);
  });

  it('are let go of when the client goes away', async () => {
    const { issuer, open } = await start();
    const ended = new Promise<string>((resolve) => (onClosed = resolve));
    const stream = await open('later', await issuer.accessToken());
    expect(await stream.next()).toEqual({ data: 'later for user-1' });
    stream.abort();
    expect(await ended).toBe('later for user-1');
  });

  it('N11: end by the clock of their own application, where two share a controller', async () => {
    const [one, other] = [await start(), await start()];
    const token = (of: typeof one) => of.issuer.accessToken({ expiresInSeconds: 1 });
    const [ending, lasting] = [
      await one.open('later', await token(one)),
      await other.open('later', await token(other)),
    ];
    for (const stream of [ending, lasting]) expect(await stream.next()).toEqual({ data: 'later for user-1' });
    const ended: string[] = [];
    onClosed = (data) => ended.push(data);
    one.clock.advance(1);
    expect(await ending.next()).toEqual(expired);
    expect(ended).toHaveLength(1);
    other.clock.advance(1);
    expect(await lasting.next()).toEqual(expired);
  });
});
