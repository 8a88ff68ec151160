import { deepEqual, equal, rejects } from 'node:assert/strict';
import { AuthorizedClient } from '@nmp/auth';
import { lastValueFrom } from 'rxjs';
import { gatewaySecret, secretHeader } from './world.mjs';

const crowd = 200;

/** The client that ships with the module: it sends a token of its own, or who called the handler that sends. */
export const sendingSteps = {
  'AuthorizedClient sends a token of its own': async (line) => {
    const subjects = ['machine-1', 'machine-2'];
    const client = new AuthorizedClient(line.client, () => line.world.token({ subject: subjects.shift() }));
    for (const id of ['machine-1', 'machine-2']) {
      const { caller, data } = await sent(client, line.patterns.whoami, { call: id });
      deepEqual([caller.id, data], [id, { call: id }]);
    }
  },

  'and events': async (line) => {
    const client = new AuthorizedClient(line.client, () => line.world.token({ subject: 'machine-1' }));
    const data = { call: 'an event of AuthorizedClient' };
    await lastValueFrom(client.emit(line.patterns.trained, data), { defaultValue: undefined });
    const { principal } = await line.untilArrived(data);
    equal(principal.id, 'machine-1');
  },

  'and is refused as anybody is': async (line) => {
    const client = new AuthorizedClient(line.client, () => line.world.token({ expiresInSeconds: -600 }));
    const { arrivals } = await line.arrivalsOf(() =>
      rejects(sent(client, line.patterns.whoami, { call: 'expired' }), { code: 'token_expired', statusCode: 401 }),
    );
    deepEqual(arrivals, []);
  },

  'a record of the application’s keeps its headers': async (line) => {
    const client = new AuthorizedClient(line.client, () => line.world.token({ subject: 'machine-1' }));
    const own = line.kind.record({ call: 'own record' }, [['traceparent', '00-1-1-00']]);
    const { result, arrivals } = await line.arrivalsOf(() => sent(client, line.patterns.whoami, own));
    deepEqual([result.caller.id, result.data], ['machine-1', { call: 'own record' }]);
    equal([line.kind.headersOf(arrivals[0].context).traceparent].flat()[0], '00-1-1-00');
  },

  'and its own authorization is not overwritten': async (line) => {
    const client = new AuthorizedClient(line.client, () => line.world.token());
    const own = line.kind.record({ call: 'own token' }, [['Authorization', 'Bearer of-the-application']]);
    const { arrivals } = await line.arrivalsOf(() =>
      rejects(sent(client, line.patterns.whoami, own), { reason: 'already_authorized' }),
    );
    deepEqual(arrivals, []);
  },

  'HTTP, the broker, a handler: it sees the first caller': async (line) => {
    const { status, body } = await line.throughFront('whoami', { call: 'first' }, [
      await line.world.bearer({ subject: 'alice', email: 'alice@example.com', groups: ['team-ml'] }),
    ]);
    equal(status, 200, JSON.stringify(body));
    const { kind, id, email, groups, issuer } = body.caller;
    deepEqual([kind, id, email, groups], ['user', 'alice', 'alice@example.com', ['team-ml']]);
    equal(issuer, line.world.issuer.issuer);
    deepEqual(body.data, { call: 'first' });
  },

  [`${crowd} of them at once`]: async (line) => {
    const names = Array.from({ length: crowd }, (_, index) => `caller-${index}`);
    const answers = await Promise.all(
      names.map(async (subject) => {
        const { body } = await line.throughFront('whoami', { call: subject }, [await line.world.bearer({ subject })]);
        return [body.data?.call, body.caller?.id];
      }),
    );
    deepEqual(
      answers,
      names.map((name) => [name, name]),
    );
  },

  'whom the gateway named the handler sees, too': async (line) => {
    const { status, body } = await line.throughFront('whoami', { call: 'named' }, [
      ['X-NMP-Principal-Id', 'bob'],
      ['X-NMP-Principal-Email', 'bob@example.com'],
      [secretHeader, gatewaySecret],
    ]);
    equal(status, 200, JSON.stringify(body));
    deepEqual([body.caller.id, body.caller.email], ['bob', 'bob@example.com']);
  },

  'nobody is passed on where nobody called': async (line) => {
    const { result, arrivals } = await line.arrivalsOf(() => line.throughFront('anybody', { call: 'nobody' }, []));
    deepEqual([result.status, result.body, arrivals], [200, { notSent: 'anonymous_caller' }, []]);
  },
};

function sent(client, pattern, data) {
  return lastValueFrom(client.send(pattern, data));
}
