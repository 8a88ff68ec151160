import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger, type Type } from '@nestjs/common';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import {
  AccessDeniedError,
  from,
  OptionalAuth,
  Principal,
  principalOfSocket,
  Public,
  RequireAudience,
  RequirePermissions,
  RequireScopes,
} from '@nmp/auth';
import { GatewayStage } from './support/gateway-apps.js';
import { adapters } from './support/http-apps.js';
import { connect, type Connecting, refused, socketLibraries } from './support/sockets.js';
import { MATRIX_SCOPE, TransportMatrix } from './support/transport-matrix.js';

const reached: string[] = [];
const arrived: unknown[] = [];

function answer(name: string, data: unknown) {
  reached.push(name);
  return { event: 'answer', data };
}

@WebSocketGateway()
class Gateway {
  handleConnection(client: object) {
    arrived.push(principalOfSocket(client)?.id);
  }

  @SubscribeMessage('guarded')
  guarded(@Principal() principal: Principal, @MessageBody() data: unknown) {
    return answer('guarded', { id: principal.id, email: principal.email, data });
  }

  @RequireScopes(MATRIX_SCOPE)
  @SubscribeMessage('scoped')
  scoped() {
    return answer('scoped', 'ok');
  }

  @RequireAudience('another-api')
  @SubscribeMessage('elsewhere')
  elsewhere() {
    return answer('elsewhere', 'ok');
  }

  @RequirePermissions('models.read', { workspace: from.data('workspace') })
  @SubscribeMessage('read')
  read() {
    return answer('read', 'ok');
  }

  @SubscribeMessage('denied')
  denied() {
    throw new AccessDeniedError('Forbidden: this is not yours');
  }
}

@WebSocketGateway()
class MixedGateway {
  @SubscribeMessage('guarded')
  guarded(@Principal('id') id: string) {
    return answer('guarded', id);
  }

  @OptionalAuth()
  @SubscribeMessage('optional')
  optional(@Principal() principal: Principal) {
    return answer('optional', principal.kind);
  }

  @OptionalAuth()
  @RequireScopes(MATRIX_SCOPE)
  @SubscribeMessage('optional-scoped')
  optionalScoped() {
    return answer('optional-scoped', 'ok');
  }

  @Public()
  @SubscribeMessage('open')
  open(@Principal() principal: Principal) {
    return answer('open', principal.kind);
  }
}

@Public()
@WebSocketGateway()
class OpenGateway {
  @SubscribeMessage('open')
  open(@Principal() principal: Principal) {
    return answer('open', principal.kind);
  }
}

const matrix = new TransportMatrix();
afterAll(() => matrix.print());

describe.each(adapters.flatMap((adapter) => socketLibraries.map((library) => ({ adapter, library }))))(
  'gateways of $library on $adapter',
  ({ adapter, library }) => {
    const stage = new GatewayStage();

    beforeEach(() => {
      for (const list of [reached, arrived]) list.length = 0;
    });
    afterEach(async () => {
      await stage.end();
      jest.restoreAllMocks();
    });

    const start = (gateway: Type) => stage.begin({ library, adapter, gateways: [gateway] });

    it('N02: nobody connects without a token, and the answer says what is missing', async () => {
      const { refusal } = await start(Gateway);
      const { code, status, headers, body } = await refusal();
      expect(code).toBe('missing_token');
      expect(body).toMatchObject({ statusCode: 401, error: 'Unauthorized', detail: 'Unauthorized' });
      if (library === 'ws') expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer realm="nmp"']);
      expect(arrived).toEqual([]);
    });

    it('lets only good tokens in', async () => {
      const { issuer, url } = await start(Gateway);
      const call = async (token: string | undefined): Promise<string> => {
        const socket = await connect(library, url, { token });
        if (!('ask' in socket)) return socket.code;
        stage.endWith(socket);
        const told = await socket.ask('scoped');
        return typeof told === 'string' ? told : String((told as { refused: unknown }).refused);
      };
      await matrix.try({ name: `${library} on ${adapter}`, call, handled: () => reached.length }, issuer);
    });

    it('hands the principal to handlers and to handleConnection', async () => {
      const { issuer, enter } = await start(Gateway);
      const socket = await enter({ token: await issuer.accessToken({ subject: 'alice' }) });
      const told = await socket.ask('guarded', { user: { id: 'mallory' }, principal: { id: 'mallory' } });
      expect(told).toMatchObject({ id: 'alice', email: 'user@example.com' });
      expect(arrived).toEqual(['alice']);
    });

    it('N10: what a client writes into its messages is no principal', async () => {
      const { enter } = await start(MixedGateway);
      const socket = await enter();
      const prefilled = JSON.parse('{"__proto__":{"user":{"id":"mallory"}},"user":{"id":"mallory"}}') as unknown;
      expect(await socket.ask('guarded', prefilled)).toEqual({ refused: 'missing_token' });
      expect(await socket.ask('optional', prefilled)).toBe('anonymous');
    });

    it('reads the token of the Authorization header, and no other place of the request', async () => {
      const { issuer, enter, refusal, url } = await start(Gateway);
      const token = await issuer.accessToken();
      const socket = await enter({ headers: { authorization: `Bearer ${token}` } });
      expect(await socket.ask('guarded')).toMatchObject({ id: 'user-1' });
      expect(await refusal({ headers: { cookie: `token=${token}` } })).toMatchObject({ code: 'missing_token' });
      const place = library === 'ws' ? `/?token=${token}&access_token=${token}` : '';
      expect(await refused(library, url, { place })).toMatchObject({ code: 'missing_token' }); // T12
    });

    it('T11: two tokens that contradict each other are malformed', async () => {
      const { issuer, enter, refusal } = await start(Gateway);
      const [one, two] = [await issuer.accessToken(), await issuer.accessToken()];
      const headers = { authorization: `Bearer ${one}` };
      const both = (token: string): Connecting =>
        library === 'ws' ? { headers, protocols: ['chat', `nmp.bearer.${token}`] } : { headers, auth: { token } };
      expect(await refusal(both(two))).toMatchObject({ code: 'malformed_request' });
      await enter(both(one));
    });

    it('asks for scopes, audiences and permissions as of requests', async () => {
      const { issuer, enter } = await start(Gateway);
      const socket = await enter({
        token: await issuer.accessToken({ email: 'alice@example.com', scope: 'files:read' }),
      });
      expect(await socket.ask('scoped')).toEqual({ refused: 'insufficient_scope' });
      expect(await socket.ask('elsewhere')).toEqual({ refused: 'token_audience' });
      expect(await socket.ask('read', { workspace: 'other' })).toEqual({ refused: 'access_denied' });
      expect(await socket.ask('read', {})).toEqual({ refused: 'malformed_request' });
      expect(reached).toEqual([]);
      expect(await socket.ask('read', { workspace: 'ml' })).toBe('ok');
    });

    it('tells what a handler refuses in the same form', async () => {
      const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
      const { issuer, enter } = await start(Gateway);
      const socket = await enter({ token: await issuer.accessToken() });
      const told = socket.next('exception');
      socket.send('denied');
      const body = {
        statusCode: 403,
        error: 'Forbidden',
        code: 'access_denied',
        detail: 'Forbidden: this is not yours',
      };
      expect(await told).toEqual({ status: 'error', message: body.detail, ...body });
      expect(errors).not.toHaveBeenCalled();
    });

    it('N08, N06, N07: public and optional handlers are open to who has no token, and no others', async () => {
      const { issuer, enter, refusal } = await start(MixedGateway);
      const socket = await enter();
      expect(await socket.ask('open')).toBe('anonymous');
      expect(await socket.ask('optional')).toBe('anonymous');
      expect(await socket.ask('guarded')).toEqual({ refused: 'missing_token' });
      expect(await socket.ask('optional-scoped')).toEqual({ refused: 'missing_token' });
      const expired = await issuer.accessToken({ expiresInSeconds: -3600 });
      expect(await refusal({ token: expired })).toMatchObject({ code: 'token_expired' });
    });

    it('N05: who has a token is nobody to a public handler, and somebody to the others', async () => {
      const { issuer, enter } = await start(MixedGateway);
      const socket = await enter({ token: await issuer.accessToken() });
      expect(await socket.ask('open')).toBe('anonymous');
      expect(await socket.ask('optional')).toBe('user');
      expect(await socket.ask('open')).toBe('anonymous');
      expect(await socket.ask('guarded')).toBe('user-1');
    });

    it('N05: no token is looked at where all handlers are public', async () => {
      const { enter } = await start(OpenGateway);
      const socket = await enter({ token: 'no.token.atall' });
      expect(await socket.ask('open')).toBe('anonymous');
    });

    it('an issuer that is away is no bad token', async () => {
      const { issuer, refusal } = await start(Gateway);
      const token = await issuer.accessToken();
      issuer.fail('refuse');
      const { code, status, body, headers } = await refusal({ token });
      issuer.recover();
      expect([code, typeof body.retryAfterSeconds]).toEqual(['issuer_unavailable', 'number']);
      if (library === 'ws') expect([status, headers['retry-after']]).toEqual([503, String(body.retryAfterSeconds)]);
    });
  },
);
