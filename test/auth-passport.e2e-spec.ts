import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  Injectable,
  Module,
  Req,
  UseGuards,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { Public } from '@nmp/auth';
import { authTestingModule, TestCallers } from '@nmp/auth/testing';
import { Strategy as JwtOfOthers } from 'passport-jwt';
import { adapters, type AppParts, startApp } from './support/http-apps.js';

@Controller()
class PassportController {
  @Get('guarded')
  @UseGuards(AuthGuard('jwt'))
  guarded(@Req() { user }: { user: { id: string } }) {
    return { id: user.id };
  }

  @Public()
  @Get('public')
  @UseGuards(AuthGuard('jwt'))
  public(@Req() { user }: { user: { id: string } }) {
    return { id: user.id };
  }

  @Public()
  @Get('theirs')
  @UseGuards(AuthGuard('theirs'))
  theirs(@Req() { user }: { user: object }) {
    return user;
  }
}

/** A strategy of somebody else's, beside ours. */
@Injectable()
class TheirStrategy extends PassportStrategy(JwtOfOthers, 'theirs') {
  constructor() {
    super({ jwtFromRequest: () => null, secretOrKey: 'unused' });
  }

  override authenticate(): void {
    (this as unknown as { success(user: object): void }).success({ id: 'theirs' });
  }

  validate(): object {
    return {};
  }
}

/** What many applications have: it knows HTTP errors, and takes all others for faults. */
@Catch()
class CatchAllFilter implements ExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const status = error instanceof HttpException ? error.getStatus() : 500;
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), { caught: true }, status);
  }
}

@Module({ providers: [TheirStrategy] })
class TheirModule {}

describe.each(adapters)("passport's own guard on %s", (adapter) => {
  const running: { close(): Promise<unknown> }[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((part) => part.close()));
  });

  async function start(configure?: AppParts['configure']) {
    const { app, url } = await startApp(adapter, {
      imports: [authTestingModule(), TheirModule],
      controllers: [PassportController],
      ...(configure && { configure }),
    });
    running.push(app);
    const get = async (
      path: string,
      headers: Record<string, string> = {},
    ): Promise<[number, unknown, string | null]> => {
      const response = await fetch(`${url}/${path}`, { headers });
      return [response.status, await response.json(), response.headers.get('www-authenticate')];
    };
    return { callers: TestCallers.of(app), get };
  }

  it('verifies with the strategy of its own application, and answers as the module does', async () => {
    const [one, other] = [await start(), await start()];
    const headers = one.callers.headers({ id: 'user-1' });
    for (const path of ['guarded', 'public']) {
      expect(await one.get(path, headers)).toEqual([200, { id: 'user-1' }, null]);
      expect(await other.get(path, headers)).toEqual([
        401,
        expect.objectContaining({ code: 'token_key' }),
        expect.any(String),
      ]);
      expect(await one.get(path)).toEqual([
        401,
        expect.objectContaining({ code: 'missing_token' }),
        'Bearer realm="nmp"',
      ]);
    }
  });

  it("answers as the module does through somebody else's filter for everything", async () => {
    const { get } = await start((app) => {
      app.useGlobalFilters(new CatchAllFilter(app.get(HttpAdapterHost)));
    });
    expect(await get('public')).toEqual([401, { caught: true }, 'Bearer realm="nmp"']);
    expect(await get('public', { authorization: 'Bearer garbage' })).toEqual([
      401,
      { caught: true },
      expect.stringContaining('error="invalid_token"'),
    ]);
  });

  it('leaves strategies of other names alone', async () => {
    const { get } = await start();
    expect(await get('theirs')).toEqual([200, { id: 'theirs' }, null]);
  });
});
