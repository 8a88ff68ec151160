import { equal, match } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { underKey } from './jwt.mjs';

const pastCooldownMs = 1_500;

/**
 * A provider that is away for a while.
 *
 * @type {Readonly<Record<string, (world: import('./provider-world.mjs').ProviderWorld) => Promise<void>>>}
 */
export const outageSteps = {
  'the provider stops: keys that are held go on serving, others are 503': async (world) => {
    await world.signIn();
    const { access } = world.tokens();
    equal((await world.whoami(access)).status, 200);
    await world.provider.stop();
    await sleep(pastCooldownMs);
    const unknown = await world.whoami(underKey(access, 'a-key-nobody-knows'));
    equal(unknown.status, 503);
    equal(unknown.body.code, 'issuer_unavailable');
    match(unknown.headers.get('retry-after'), /^\d+$/);
    equal((await world.whoami(access)).status, 200);
    equal((await world.createWorkspace('during-the-outage', access)).status, 201);
    if (world.offers('signing in by device flow')) {
      const login = await world.nemo(['auth', 'login', '--no-browser', '--base-url', world.url]);
      equal(login.code, 3, login.stderr);
    }
    equal((await world.nemo(['auth', 'doctor'])).code, 3);
    await world.data('auth', 'whoami');
  },

  'the provider is back: unknown keys are 401, and people sign in': async (world) => {
    const { access } = world.tokens();
    await world.provider.start();
    await sleep(pastCooldownMs);
    const unknown = await world.whoami(underKey(access, 'a-key-nobody-knows'));
    equal(unknown.status, 401);
    equal(unknown.body.code, 'token_key');
    await world.signIn();
    equal((await world.whoami(world.tokens().access)).status, 200);
  },
};
