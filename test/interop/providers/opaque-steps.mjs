import { equal, match } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 250;
const attempts = 40;

/**
 * Access tokens that only the provider can read: people sign in and work with them as with any others.
 *
 * @type {Readonly<Record<string, (world: import('./provider-world.mjs').ProviderWorld) => Promise<void>>>}
 */
export const opaqueSteps = {
  'an opaque token: a guarded call, groups in the principal': async (world) => {
    await world.signIn();
    const { access } = world.tokens();
    equal(access.split('.').length, 1, 'the provider has given a JWT');
    const { status, body } = await world.whoami(access);
    equal(status, 200, JSON.stringify(body));
    equal(body.principal.email, world.provider.account.email);
    equal(body.principal.groups.join(), world.provider.account.groups.join());
    equal(body.scopes.includes('platform:read'), true);
    await world.data('workspaces', 'list');
  },

  'an opaque token: a refresh': async (world) => {
    await world.beSignedIn();
    const before = world.tokens().access;
    await world.data('auth', 'refresh');
    const { access } = world.tokens();
    equal(access === before, false);
    equal((await world.whoami(access)).status, 200);
  },

  'an opaque token: a refresh token is refused': async (world) => {
    await world.beSignedIn();
    const { status, body } = await world.whoami(world.tokens().refresh);
    equal(status, 401);
    equal(body.code, 'token_type');
  },

  'an opaque token that nobody has issued': async (world) => {
    const { status, body } = await world.whoami('invented-token-of-nobody');
    equal(status, 401);
    equal(body.code, 'token_inactive');
  },

  'an opaque token that was revoked at the provider': async (world) => {
    await world.signIn();
    const { access } = world.tokens();
    equal((await world.whoami(access)).status, 200);
    const { revocation_endpoint: endpoint } = await world.providerDocument();
    const body = new URLSearchParams({ token: access, client_id: 'nmp-cli' });
    equal((await fetch(endpoint, { method: 'POST', body })).status, 200);
    // The platform remembers for as long as it is told to.
    let answer = await world.whoami(access);
    for (let attempt = 0; attempt < attempts && answer.status === 200; attempt += 1) {
      await sleep(pollMs);
      answer = await world.whoami(access);
    }
    equal(answer.status, 401);
    equal(answer.body.code, 'token_inactive');
  },
};

/** The platform asks as a client that the provider does not know so: that says nothing about tokens. */
export async function opaqueTokenWithoutCredentials(world) {
  const { status, body, headers } = await world.whoami('any-token');
  equal(status, 503);
  equal(body.code, 'issuer_unavailable');
  match(headers.get('retry-after') ?? '', /^[1-9]\d*$/);
}
