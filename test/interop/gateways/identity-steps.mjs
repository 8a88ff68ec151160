import { deepEqual, equal, ok } from 'node:assert/strict';
import { IDENTITY_HEADERS } from '@nmp/tokens';
import { gatewaySecret, otherAudience } from './backstage.mjs';

const whoami = '/apis/models/whoami';
const health = '/apis/models/health';
const mallory = 'mallory@example.com';
const identity = [...IDENTITY_HEADERS, 'X-NMP-Authorized', 'X-NMP-Origin-Workspace', 'X-NMP-Hop-Token'];
/** What only a gateway writes. */
const reservedIn = { headers: [...identity, 'X-Gateway-Secret'], hop: identity };

/** Writings of one name that every gateway takes for that name. */
const plainSpellings = {
  'as it is written': (name) => [name],
  'in lower case': (name) => [name.toLowerCase()],
  'in upper case': (name) => [name.toUpperCase()],
  twice: (name) => [name, name.toLowerCase()],
};

/** Writings that some program between the client and the service may take for that name. */
const oddSpellings = {
  'with underscores': (name) => [name.replaceAll('-', '_')],
  'with one underscore': (name) => [name.replace('-', '_')],
  'with dots': (name) => [name.replaceAll('-', '.')],
  'with two dashes': (name) => [name.replaceAll('-', '--')],
};

/** Who somebody is, and who they are not. */
export const identitySteps = {
  'a token becomes an identity that the service believes': async (passage) => {
    const token = await passage.token({ subject: 'alice', email: 'alice@example.com', scope: 'openid platform:read' });
    const { result, arrivals } = await passage.arrivalsOf(() => passage.send({ path: whoami, token }));
    equal(result.status, 200, result.text);
    deepEqual(result.body, {
      id: 'alice',
      email: 'alice@example.com',
      groups: [],
      scopes: ['openid', 'platform:read'],
    });
    equal(arrivals.length, 1);
    ok(!arrivals[0].rawHeaders.some((value) => value.includes(token)), "the caller's own token reached the service");
  },

  'an address, an id and a hundred groups that are not ASCII': async (passage) => {
    // A hop token holds 4,096 characters of groups.
    const filler = 'x'.repeat({ headers: 60, hop: 18 }[passage.mode]);
    const groups = Array.from({ length: 100 }, (_, at) => `forschung größe ${filler}, ${at}`);
    const person = { subject: 'zoë|1', email: 'zoë@beispiel.example', groups };
    const { status, body, text } = await passage.send({ path: whoami, token: await passage.token(person) });
    equal(status, 200, text);
    deepEqual([body.id, body.email, body.groups], [person.subject, person.email, groups]);
  },

  'what a client says of itself does not reach the service': async (passage) => {
    const token = await passage.token({ subject: 'alice', groups: [] });
    for (const [spelling, namesOf] of Object.entries(plainSpellings)) {
      for (const request of [{ path: whoami, token }, { path: whoami }, { path: health }]) {
        const { result, arrivals } = await passage.arrivalsOf(() => passage.send(forged(passage, request, namesOf)));
        const expected = request.path === whoami && request.token === undefined ? 401 : 200;
        equal(result.status, expected, `${spelling}: ${result.text}`);
        if (request.token) equal(result.body.id, 'alice', spelling);
        const foreign = arrivals.flatMap(({ rawHeaders }) => rawHeaders).filter((value) => value.includes(mallory));
        deepEqual(foreign, [], spelling);
      }
    }
  },

  'nor is it believed in a spelling that some program might fold': async (passage) => {
    const token = await passage.token({ subject: 'alice' });
    for (const [spelling, namesOf] of Object.entries(oddSpellings)) {
      const known = await passage.send(forged(passage, { path: whoami, token }, namesOf));
      if (known.status !== 400) equal(known.body?.id, 'alice', `${spelling}: ${known.text}`);
      const unknown = await passage.send(forged(passage, { path: whoami }, namesOf));
      ok([400, 401].includes(unknown.status), `${spelling}: ${unknown.status}`);
      ok(!`${known.text}${unknown.text}`.includes(mallory), spelling);
    }
    const { arrivals } = await passage.arrivalsOf(() =>
      passage.send(forged(passage, { path: whoami, token }, oddSpellings['with underscores'])),
    );
    const isThere = arrivals.map(({ rawHeaders }) => rawHeaders.includes(mallory));
    deepEqual(isThere, { 'taken out': [false], refused: [], 'passed on': [true] }[passage.answers.underscores]);
  },

  'nor does the platform believe it': async (passage) => {
    const { headers } = forged(passage, {});
    equal((await passage.send({ path: '/apis/auth/v2/whoami', headers })).status, 401);
    const token = await passage.token({ subject: 'alice' });
    const { status, body } = await passage.send({ path: '/apis/auth/v2/whoami', headers, token });
    deepEqual([status, body.principal.id], [200, 'alice']);
  },

  'a public path needs no token, and names nobody': async (passage) => {
    for (const token of [undefined, 'no token at all', await passage.token()]) {
      const { result, arrivals } = await passage.arrivalsOf(() => passage.send({ path: health, token }));
      deepEqual([result.status, arrivals.length], [200, 1]);
      const names = arrivals[0].rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
      deepEqual(
        names.filter((name) => name === 'authorization' || name.startsWith('x-nmp-')),
        [],
      );
    }
    equal((await passage.send({ path: '/apis/auth/discovery' })).status, 200);
  },

  'a client that goes past the gateway does not get in': async (passage) => {
    const token = await passage.token();
    const secret = ['X-Gateway-Secret', gatewaySecret];
    const own = [['X-NMP-Principal-Id', 'alice'], secret];
    for (const past of [forged(passage, {}), { token }, { token, headers: own }]) {
      const { status, text } = await passage.sendPast({ path: whoami, ...past });
      equal(status, 401, text);
    }
    await neighbours[passage.mode](passage, { token, own });
  },
};

/** What must get in that way, and what comes closest to it and must not. */
const neighbours = {
  headers: async (passage, { own }) => {
    equal((await passage.sendPast({ path: whoami, headers: own })).status, 200);
    const { status } = await passage.sendPast({ path: whoami, headers: own, localAddress: '127.0.0.2' });
    equal(status, 401, 'another machine that knows the secret');
  },
  hop: async (passage, { token, own }) => {
    equal((await passage.sendPast({ path: whoami, headers: own })).status, 401);
    const hopToken = async (audience) => {
      const path = `/apis/auth/authenticate?hop_audience=${audience}`;
      const { headers } = await passage.send({ path, token });
      return headers['x-nmp-hop-token'];
    };
    equal((await passage.sendPast({ path: whoami, token: await hopToken('models') })).status, 200);
    const { status } = await passage.sendPast({ path: whoami, token: await hopToken(otherAudience) });
    equal(status, 401, 'a hop token for another service');
    const again = await passage.send({ path: whoami, token: await hopToken('models') });
    equal(again.status, 401, 'a hop token is no access token');
  },
};

function forged({ mode }, request, namesOf = (name) => [name]) {
  const names = reservedIn[mode].flatMap((name) => namesOf(name));
  return { ...request, headers: names.map((name) => [name, mallory]) };
}
