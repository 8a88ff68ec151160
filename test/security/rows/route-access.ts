import { expect } from '@jest/globals';
import { Controller, Get, type INestApplication, Inject, Injectable, mixin, type Type } from '@nestjs/common';
import { OptionalAuth, Principal, Public, RequireAudience, RequireAuthContext, RequireScopes } from '@nmp/auth';
import { badRequest, invalid, noCredentials } from '../answers.js';
import type { Row } from '../prove.js';
import type { Asked, Stage } from '../stage.js';
import { HandlerCalls, StageController } from '../stage.controller.js';

@Injectable()
abstract class Telling {
  constructor(@Inject(HandlerCalls) private readonly calls: HandlerCalls) {}

  protected told({ kind, id }: Principal) {
    this.calls.note();
    return { kind, id };
  }
}

@Controller('closed')
class ClosedController extends Telling {
  @Get('open')
  @Public()
  open(@Principal() principal: Principal) {
    return this.told(principal);
  }

  @Get('plain')
  plain(@Principal() principal: Principal) {
    return this.told(principal);
  }

  @Get('optional-audience')
  @OptionalAuth()
  @RequireAudience('nmp-cli')
  audience(@Principal() principal: Principal) {
    return this.told(principal);
  }

  @Get('optional-sign-in')
  @OptionalAuth()
  @RequireAuthContext({ acr: 'phr' })
  signIn(@Principal() principal: Principal) {
    return this.told(principal);
  }
}

@Public()
@Controller('public')
class PublicController extends Telling {
  @Get('scoped')
  @RequireScopes('orders:read')
  scoped(@Principal() principal: Principal) {
    return this.told(principal);
  }

  @Get('plain')
  plain(@Principal() principal: Principal) {
    return this.told(principal);
  }
}

/** Inherits the open handler and overrides it with one that says nothing. */
@Controller('overriding')
class OverridingController extends ClosedController {
  @Get('open')
  override open(@Principal() principal: Principal) {
    return this.told(principal);
  }
}

/** Inherits handlers as they are. */
@Controller('inheriting')
class InheritingController extends ClosedController {}

function controllerMixin(path: string, isPublic: boolean): Type {
  @Controller(path)
  class MixedController extends Telling {
    @Get()
    read(@Principal() principal: Principal) {
      return this.told(principal);
    }
  }
  if (isPublic) Public()(MixedController);
  return mixin(MixedController);
}

const anonymous = { kind: 'anonymous', id: '' };
const get = (path: string): Asked => ({ path });
const asGood = async (stage: Stage, path: string): Promise<Asked> => ({
  path,
  token: await stage.token({ scope: 'orders:read' }),
  told: { kind: 'user', id: 'user-1' },
});

const controllers = [
  StageController,
  ClosedController,
  PublicController,
  OverridingController,
  InheritingController,
  controllerMixin('mixed-open', true),
  controllerMixin('mixed-closed', false),
];

/** Which routes ask for a token. */
export const routeAccessRows: Row[] = [
  {
    id: 'N05',
    what: 'a bad token at a public route is not read: the caller is nobody, and nothing is logged',
    attack: async (stage) => {
      const tokens = ['garbage', await stage.token({ expiresInSeconds: -60 }), await stage.token()];
      for (const token of tokens) await stage.expect({ path: '/open', token, told: anonymous }, { status: 200 });
      expect(stage.lines.filter((line) => /token_|malformed_request/.test(line))).toEqual([]);
    },
    answer: noCredentials,
    neighbour: (stage) => [stage.token(), { path: '/open', told: anonymous }],
    silent: true,
  },
  {
    id: 'N06',
    what: 'a bad token where a token is optional',
    attack: async (stage) => [
      { path: '/optional', token: await stage.token({ audience: 'other' }) },
      { path: '/optional', token: await stage.token({ audience: [] }) },
    ],
    answer: invalid('audience'),
    neighbour: async (stage) => [
      { path: '/optional', told: anonymous },
      { path: '/optional', lines: ['Authorization: Basic dXNlcjpwYXNz'], told: anonymous },
      await asGood(stage, '/optional'),
    ],
  },
  {
    id: 'N06',
    what: 'malformed credentials where a token is optional',
    attack: () => [
      { path: '/optional', lines: ['Authorization: Bearer'] },
      { path: '/optional', lines: ['Authorization: Bearer a b'] },
    ],
    answer: badRequest,
  },
  {
    id: 'N07',
    what: 'nobody at a route where a token is optional and something is asked of it',
    setting: { controllers },
    attack: () => [get('/optional-orders'), get('/closed/optional-audience'), get('/closed/optional-sign-in')],
    answer: noCredentials,
    neighbour: (stage) => asGood(stage, '/optional-orders'),
  },
  {
    id: 'N08',
    what: 'closed is what the handler closes, overrides without a word, or leaves to its class',
    setting: { controllers },
    attack: () =>
      ['/closed/plain', '/public/scoped', '/overriding/open', '/inheriting/plain', '/mixed-closed'].map((path) =>
        get(path),
      ),
    answer: noCredentials,
    neighbour: async (stage) => [
      ...['/closed/open', '/public/plain', '/inheriting/open', '/mixed-open'].map((path) => ({
        path,
        told: anonymous,
      })),
      await asGood(stage, '/public/scoped'),
      await asGood(stage, '/overriding/open'),
      await asGood(stage, '/mixed-closed'),
    ],
  },
  {
    id: 'N10',
    what: 'a principal that something wrote on the request before the guard: ignored',
    setting: {
      configure: (app: INestApplication) => {
        app.use((request: object, _response: unknown, next: () => void) => {
          const admin = { kind: 'service', id: 'admin', scopes: ['orders:read'] };
          Object.assign(request, { user: admin, principal: admin, auth: admin, raw: { user: admin } });
          next();
        });
      },
    },
    attack: () => [get('/'), get('/optional-orders')],
    answer: noCredentials,
    neighbour: async (stage) => [
      { path: '/open', told: anonymous },
      { path: '/optional', told: anonymous },
      await asGood(stage, '/'),
    ],
  },
  {
    id: 'N10',
    what: 'a principal in the body, also as a member of every object',
    attack: () => {
      const admin = { kind: 'service', id: 'admin', scopes: ['orders:read'] };
      const members = `"user":${JSON.stringify(admin)},"principal":${JSON.stringify(admin)}`;
      const bodies = [`{${members}}`, `{"__proto__":{${members}}}`, `{"constructor":{"prototype":{${members}}}}`];
      return bodies.map((body) => ({ method: 'POST', lines: ['Content-Type: application/json'], body }));
    },
    // Fastify's own parser refuses such a body before any guard.
    answer: { status: [401, 400] },
    neighbour: (stage) => asGood(stage, '/'),
  },
];
