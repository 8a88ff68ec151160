import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DevIdp } from '@nmp/dev-idp';
import type { KillOutcome } from './support/killed-refreshes.js';
import { KilledRefreshes } from './support/killed-refreshes.js';
import { stress } from './support/stress.js';
import { StubIdp } from './support/stub-idp.js';

const rounds = stress.killedRefreshes;
const first = 'refresh-first';
// Not how long it may take: after that it is taken to hang.
const patienceMs = 120_000 + rounds * 10_000;

describe(`a refresh that is killed, ${rounds} times at different points`, () => {
  let stub: StubIdp;
  let kills: KilledRefreshes | undefined;
  let idp: DevIdp | undefined;

  beforeEach(async () => {
    stub = await StubIdp.start();
  });
  afterEach(async () => {
    await Promise.all([kills?.end(), idp?.close(), stub.close()]);
  });

  it(
    'leaves a valid file, and asks to sign in only where the provider had used the refresh token up',
    async () => {
      let seenBefore = 0;
      const begin = (): Promise<string> => {
        seenBefore = stub.tokenRequests.length;
        stub.rotate(first, () => ({ now: new Date() }));
        return Promise.resolve(first);
      };
      kills = await KilledRefreshes.create(stub, { discovery: {}, begin });
      const duration = await kills.undisturbed();
      const outcomes: KillOutcome[] = [];
      for (const at of pointsInTime()) {
        const outcome = await kills.kill(at, duration);
        outcomes.push(outcome);
        const uses = stub.tokenRequests.slice(seenBefore).filter((form) => form['refresh_token'] === first);
        // The killed process used it, and so did the next command: the answer in between is lost, and nothing else.
        const isUsedUp = outcome.stored === first && uses.length > 1;
        expect(outcome.failure).toEqual(isUsedUp ? expect.stringMatching(/Run: nemo auth login$/) : undefined);
      }
      report('where each refresh token works once', outcomes);
    },
    patienceMs,
  );

  it(
    'loses nothing at a provider that accepts a used refresh token for a while',
    async () => {
      idp = await DevIdp.start({ refreshReuseGraceSeconds: 3600 });
      const { issuer } = idp;
      const token_endpoint = `${issuer}/token`;
      const begin = (): Promise<string> => passwordGrant(token_endpoint);
      kills = await KilledRefreshes.create(stub, { discovery: { issuer, token_endpoint }, begin });
      const duration = await kills.undisturbed();
      const outcomes: KillOutcome[] = [];
      for (const at of pointsInTime()) outcomes.push(await kills.kill(at, duration));
      report('with a grace time', outcomes);
      expect(outcomes.filter(({ failure }) => failure !== undefined)).toEqual([]);
    },
    patienceMs,
  );
});

/** Points from the first request of a refresh to a little after its end: spread evenly, in no order. */
function pointsInTime(): number[] {
  const goldenRatio = 0.618_033_988_75;
  return Array.from({ length: rounds }, (_none, round) => ((round * goldenRatio) % 1) * 1.1);
}

/** Alice's sign-in. @returns its refresh token */
async function passwordGrant(tokenEndpoint: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: 'nmp-cli',
    username: 'alice@example.com',
    password: 'alice-password',
    scope: 'openid offline_access platform:read',
  });
  const response = await fetch(tokenEndpoint, { method: 'POST', body });
  const { refresh_token: refreshToken } = (await response.json()) as { refresh_token: string };
  return refreshToken;
}

function report(where: string, outcomes: readonly KillOutcome[]): void {
  const lost = outcomes.filter(({ failure }) => failure !== undefined).length;
  process.stderr.write(`refreshes killed ${where}: ${outcomes.length}, of which had to sign in again: ${lost}\n`);
}
