import { deepEqual, equal, ok } from 'node:assert/strict';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { hopAudience } from './fleet.mjs';

const workspaces = '/apis/entities/v2/workspaces';
const accessKeys = '/apis/auth/v2/access-keys';
const authenticate = '/apis/auth/authenticate';
const audit = '/apis/auth/v2/audit-events';
const wait = 'wait_role_propagation=true';

/** What instances on one database must agree about, each asked itself. */
export const sharedStateSteps = {
  'nginx hands requests to each of them in turn': async (fleet) => {
    for (let count = 0; count < 30; count += 1) equal((await fleet.request('/health/ready', {})).status, 200);
    const last = fleet.handed().slice(-30);
    for (const { name } of fleet.instances) {
      const share = last.filter(({ instances }) => instances.at(-1) === name).length;
      ok(share >= 5, `${name} had ${share} of 30`);
    }
  },

  'a role that one gives holds at all, and at none when another has taken it': async (fleet) => {
    const [first, second] = fleet.instances;
    const [alice, bob] = [await fleet.person('alice'), await fleet.person('bob')];
    const path = `${workspaces}/shared`;
    equal((await first.request(`${workspaces}?${wait}`, ask(alice, 'POST', { name: 'shared' }))).status, 201);
    for (let round = 0; round < 10; round += 1) {
      const member = { principal: bob.email, roles: ['Viewer'] };
      const given = await first.request(`${path}/members?${wait}`, ask(alice, 'POST', member));
      deepEqual([given.status, given.body.role_propagation_confirmed], [201, true]);
      deepEqual(await statuses(fleet, path, bob), [200, 200, 200]);
      const taken = await second.request(`${path}/members/${bob.email}?${wait}`, ask(alice, 'DELETE'));
      equal(taken.status, 200);
      deepEqual(await statuses(fleet, path, bob), [403, 403, 403]);
    }
  },

  'an access key that one made is good at all, and at none when another has ended it': async (fleet) => {
    const alice = await fleet.person('alice');
    for (let round = 0; round < 9; round += 1) {
      const at = (step) => fleet.instances[(round + step) % fleet.instances.length];
      const order = { name: 'ci', scopes: ['platform:read'] };
      const made = await at(0).request(accessKeys, ask(alice, 'POST', order));
      equal(made.status, 201, made.text);
      const key = { token: made.body.access_key };
      deepEqual(await statuses(fleet, authenticate, key), [200, 200, 200]);
      const ended = await at(1).request(`${accessKeys}/${made.body.jti}`, ask(alice, 'DELETE'));
      equal(ended.status, 200, ended.text);
      deepEqual(await statuses(fleet, authenticate, key), [401, 401, 401]);
    }
  },

  'a hop token that one signed is verified by the keys of each': async (fleet) => {
    const alice = await fleet.person('alice');
    const keySets = [];
    for (const instance of fleet.instances) keySets.push((await instance.request('/apis/auth/jwks')).body);
    for (const instance of fleet.instances) {
      const { status, headers } = await instance.request(`${authenticate}?hop_audience=${hopAudience}`, alice);
      equal(status, 200);
      const token = headers.get('x-nmp-hop-token');
      for (const keySet of keySets) {
        const rules = { issuer: fleet.hopIssuer, audience: hopAudience };
        const { payload } = await jwtVerify(token, createLocalJWKSet(keySet), rules);
        equal(payload.sub, 'alice');
      }
    }
  },

  'what happened at each is in one audit, once': async (fleet) => {
    const [alice, admin] = [await fleet.person('alice'), await fleet.person('admin')];
    const made = fleet.instances.map(({ name }) => `made-by-${name}`);
    for (const [at, instance] of fleet.instances.entries()) {
      equal((await instance.request(workspaces, ask(alice, 'POST', { name: made[at] }))).status, 201);
    }
    for (const instance of fleet.instances) {
      const { body } = await instance.request(`${audit}?filter[action]=workspace.created&sort=at`, admin);
      deepEqual(body.data.map(({ workspace }) => workspace).slice(-made.length), made);
      equal(new Set(body.data.map(({ id }) => id)).size, body.data.length);
    }
  },
};

/** What a person sends. */
function ask({ token }, method, body) {
  return { token, method, body };
}

/** What each instance answers to somebody. */
async function statuses({ instances }, path, { token }) {
  const answers = await Promise.all(instances.map((instance) => instance.request(path, { token })));
  return answers.map(({ status }) => status);
}
