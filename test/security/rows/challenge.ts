import { expect } from '@jest/globals';
import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  HttpException,
  type INestApplication,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AccessDeniedError, InsufficientScopeError, InvalidTokenError } from '@nmp/auth';
import {
  accepted,
  type Answer,
  badRequest,
  insufficientScope,
  invalid,
  noCredentials,
  unavailable,
} from '../answers.js';
import type { Row } from '../prove.js';
import type { Attempt, Stage } from '../stage.js';
import { StageController } from '../stage.controller.js';

/** Refuses by itself, past the guards. */
@Controller('throws')
class ThrowingController {
  @Get('scope')
  scope() {
    throw new InsufficientScopeError(['orders:read']);
  }

  @Get('token')
  token() {
    throw new InvalidTokenError('revoked');
  }

  @Get('denied')
  denied() {
    throw new AccessDeniedError('not yours');
  }
}

/** Answers everything in a form of its own, as other people's filters do. */
@Catch()
class CatchAllFilter implements ExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const status = exception instanceof HttpException ? exception.getStatus() : 500;
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), { mine: status }, status);
  }
}

/** Hands everything on, as other people's interceptors do. */
class PassingInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler) {
    return next.handle();
  }
}

const stepUp: Answer = { status: 401, code: 'step_up_required', challenge: /error="insufficient_user_authentication"/ };
const denied: Answer = { status: 403, code: 'access_denied', challenge: null };

/** A request for each kind of refusal. */
async function refusals(stage: Stage): Promise<[Attempt, Answer][]> {
  return [
    [{}, noCredentials],
    [{ lines: ['Authorization: Bearer'] }, badRequest],
    ['garbage', invalid('malformed')],
    [await stage.token({ expiresInSeconds: -60 }), invalid('expired')],
    [await stage.token({ audience: 'other' }), invalid('audience')],
    [{ path: '/orders', token: await stage.token({ scope: 'openid' }) }, insufficientScope],
    [{ path: '/vault', token: await stage.token() }, stepUp],
    [{ path: '/throws/scope', token: await stage.token() }, insufficientScope],
    [{ path: '/throws/token', token: await stage.token() }, invalid('revoked')],
    // Another token would not help: a challenge would only send clients round in circles.
    [{ path: '/throws/denied', token: await stage.token() }, denied],
  ];
}

const controllers = [StageController, ThrowingController];

/** What goes with a refusal. */
export const challengeRows: Row[] = [
  {
    id: 'W01',
    what: 'every refusal that another token, or another sign-in, would mend carries one challenge',
    setting: { controllers },
    attack: async (stage) => {
      for (const [attempt, answer] of await refusals(stage)) await stage.expect(attempt, answer);
    },
    answer: noCredentials,
  },
  {
    id: 'W01',
    what: "the same through a stranger's catch-all filter and interceptor",
    setting: {
      controllers,
      configure: (app: INestApplication) => {
        app.useGlobalFilters(new CatchAllFilter(app.get(HttpAdapterHost)));
        app.useGlobalInterceptors(new PassingInterceptor());
      },
    },
    attack: async (stage) => {
      for (const [attempt, { status, challenge }] of await refusals(stage)) {
        const isHandlers = typeof attempt === 'object' && attempt.path?.startsWith('/throws');
        if (isHandlers) continue; // what a handler throws is no HttpException until our own filter has seen it
        const answered = await stage.ask(attempt);
        expect([answered.status, JSON.parse(answered.body)]).toEqual([status, { mine: status }]);
        const challenges = answered.headers.filter(([name]) => name === 'www-authenticate').map(([, value]) => value);
        expect(challenges).toEqual([expect.stringMatching(challenge ?? /^$/)]);
      }
    },
    answer: noCredentials,
  },
  {
    id: 'W06',
    what: 'a refusal says nothing of the token, of keys and their addresses, or of where in the code it was',
    apart: true,
    attack: async (stage) => {
      const { issuer } = stage;
      const inside = [
        issuer.issuer,
        issuer.signingKey.kid,
        'tenant-of-a-customer',
        'jwks',
        'node_modules',
        '.ts:',
        'at ',
      ];
      const attempts = [
        await stage.token({ claims: { iss: 'https://tenant-of-a-customer.example' } }),
        await stage.token({ audience: 'tenant-of-a-customer' }),
        await stage.token({ header: { kid: 'tenant-of-a-customer' } }),
        await stage.token({ header: { alg: 'tenant-of-a-customer' } }),
        await stage.token({ subject: 'group:tenant-of-a-customer' }),
        { path: '/orders', token: await stage.token({ scope: 'tenant-of-a-customer' }) },
      ];
      const check = async (attempt: Attempt): Promise<void> => {
        const { status, headers, body } = await stage.ask(attempt);
        expect(status).toBeGreaterThanOrEqual(400);
        expect(Object.keys(JSON.parse(body) as object)).toEqual(['statusCode', 'error', 'code', 'detail']);
        for (const word of inside) expect(JSON.stringify([headers, body])).not.toContain(word);
      };
      for (const attempt of attempts) await check(attempt);
      issuer.fail({ status: 500, body: 'tenant-of-a-customer' });
      stage.clock.advance(30);
      await check(await stage.token({ header: { kid: 'unknown' } }));
      await stage.expect(await stage.token({ header: { kid: 'unknown' } }), unavailable);
    },
    answer: unavailable,
    neighbour: async (stage) => {
      await stage.expect(await stage.token(), accepted);
      // The operator's log says what the client is not told.
      await stage.ask(await stage.token({ audience: 'tenant-of-a-customer' }));
      expect(stage.lines.join('\n')).toContain('tenant-of-a-customer');
    },
  },
];
