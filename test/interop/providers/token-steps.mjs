import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from './jwt.mjs';

const shortLifeSeconds = 8;
const usualLifeSeconds = 600;
const pollMs = 500;

/**
 * The life of tokens: from the first refresh to their end.
 *
 * @type {Readonly<Record<string, (world: import('./provider-world.mjs').ProviderWorld) => Promise<void>>>}
 */
export const tokenSteps = {
  'a refresh': async (world) => {
    await world.signIn();
    const before = world.tokens();
    await world.data('auth', 'refresh');
    const after = world.tokens();
    notEqual(after.access, before.access);
    equal(after.refresh === before.refresh, world.provider.keepsRefreshToken === true);
    await world.isAccepted(after.access);
  },

  'refresh tokens are good for once': async (world) => {
    await world.signIn();
    const { refresh } = world.tokens();
    await world.data('auth', 'refresh');
    await isRefused(world, refresh, world.provider.staleRefreshToken);
  },

  'a refresh token that is no longer good: the command says to sign in again': async (world) => {
    await world.signIn();
    const { refresh } = world.tokens();
    if (world.provider.endSessions) await world.provider.endSessions();
    else equal((await world.tryRefreshToken(refresh)).status, 200);
    const { code, stderr } = await world.nemo(['auth', 'refresh']);
    equal(code, 1, stderr);
    match(stderr, /Run: nemo auth login/);
  },

  'an ID token is refused': async (world) => {
    await world.signIn();
    const { id_token: idToken } = (await world.tryRefreshToken(world.tokens().refresh)).body;
    equal(typeof idToken, 'string');
    const refused = await world.whoami(idToken);
    equal(refused.status, 401);
    match(refused.body.code, /^token_(type|audience)$/);
  },

  'a token that has expired': async (world) => {
    await world.provider.setTokenLife(shortLifeSeconds);
    try {
      await world.signIn();
      await expires(world, world.tokens().access);
    } finally {
      await world.provider.setTokenLife(usualLifeSeconds);
    }
  },

  'a command refreshes a token that has expired': async (world) => {
    await world.provider.setTokenLife(shortLifeSeconds);
    try {
      await world.signIn();
      const { access } = world.tokens();
      await expires(world, access);
      await world.data('workspaces', 'list');
      notEqual(world.tokens().access, access);
    } finally {
      await world.provider.setTokenLife(usualLifeSeconds);
    }
  },

  'new keys at the provider': async (world) => {
    await world.signIn();
    const old = world.tokens().access;
    equal((await world.whoami(old)).status, 200);
    await world.provider.rotateKeys();
    await world.signIn();
    const { access } = world.tokens();
    notEqual(decodeJwt(access).header.kid, decodeJwt(old).header.kid);
    // A platform that has just asked for keys does not ask again before its cool-down ends.
    let { status } = await world.whoami(access);
    for (let attempt = 0; attempt < 80 && status === 401; attempt += 1) {
      await sleep(pollMs);
      ({ status } = await world.whoami(access));
    }
    equal(status, 200);
    equal((await world.whoami(old)).status, 200, 'the old key still verifies');
  },

  'signing out revokes the tokens': async (world) => {
    await world.signIn();
    const { refresh } = world.tokens();
    const { revoked } = await world.data('auth', 'logout');
    equal(revoked, true);
    await isRefused(world, refresh, world.provider.revokedRefreshToken);
  },

  'after signing out nobody is signed in': async (world) => {
    await world.signIn();
    await world.data('auth', 'logout');
    equal((await world.nemo(['auth', 'status'])).code, 1);
  },
};

/** @param {{ status?: number, error?: string }} [dialect] what this provider says instead of the usual */
async function isRefused(world, refreshToken, dialect) {
  const { status, body } = await world.tryRefreshToken(refreshToken);
  deepEqual({ status, error: body.error }, { status: 400, error: 'invalid_grant', ...dialect });
}

/** A token is good until its time is over, and not a moment longer. */
async function expires(world, access) {
  const { exp, iat } = decodeJwt(access).claims;
  equal(exp - iat, shortLifeSeconds);
  let answer = await world.whoami(access);
  equal(answer.status, 200);
  while (answer.status === 200) {
    await sleep(pollMs);
    answer = await world.whoami(access);
  }
  equal(Date.now() >= exp * 1000, true, 'it was refused before its time');
  equal(answer.status, 401);
  equal(answer.body.code, 'token_expired');
}
