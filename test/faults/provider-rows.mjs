import { equal, ok } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { dripping, endless, late, redirecting, truncated, withPage, withStatus } from './document-faults.mjs';
import { unresolvableHost } from './name-fault.mjs';
import { outage, withoutKeys } from './provider-outage.mjs';
import { onStage } from './provider-stage.mjs';

const anHour = 3_600;
const most = 512 * 1_024;
const mended = (provider) => {
  provider.fault = undefined;
};
const answering = (fault) => ({ begin: (provider) => void (provider.fault = fault), end: mended });
/** Idle connections are closed after some seconds, which go by while nobody is asked; to sockets it does not matter what the clock says. */
const thaw = async ({ network }) => {
  network.pass();
  await pause(5_000);
};
const refused = { begin: ({ network }) => network.refuse(), end: ({ network }) => network.pass() };

/** @type {Record<string, (given: { isShort: boolean }) => Promise<import('./fault-table.mjs').Finding>>} */
export const providerRows = {
  'down when the service starts': async () => {
    const { ms, seconds } = await withoutKeys(refused);
    return {
      saw: `503 with Retry-After (slowest ${ms} ms); public routes are served`,
      lasted: `until it is back, and at most a cool-down longer: ${seconds} s`,
      recovered: 'all of it, without a restart',
      lost: 'nothing',
    };
  },
  'down for an hour': () => outage({ ...refused, lastsSeconds: anHour }),
  'slower than it is waited for': () => outage(answering(dripping)),
  'slow, but in time': slow,
  'half-open connections': () => outage({ begin: ({ network }) => network.freeze(), end: thaw }),
  'answers with 500': () => outage(answering(withStatus(500))),
  'a page in place of the document': () => outage(answering(withPage)),
  'truncated documents': () => outage(answering(truncated)),
  'documents of 1 GB': gigabyte,
  'redirects to itself': redirects,
  'a new key every second': everySecond,
  'a key that is lost and regained': lostAndRegained,
  'its name cannot be resolved': () => {
    const { begin, end, host, fetch } = unresolvableHost();
    return outage({ begin, end, host, options: { fetch, allowInsecureHttp: true } });
  },
  'its clock is 4 minutes ahead': () => clockOff(240),
  'its clock is 4 minutes behind': () => clockOff(-240),
};

async function slow() {
  return onStage({ options: { httpTimeoutMs: 60_000 } }, async (stage) => {
    const { provider } = stage;
    await stage.passes();
    const held = await provider.token();
    provider.fault = late(300);
    await provider.issuer.rotateKeys();
    stage.advance(30);
    const before = provider.asked;
    const fresh = await Promise.all(Array.from({ length: 20 }, () => provider.token()));
    stage.longestMs = 0;
    const answers = await Promise.all([held, ...fresh].map((token) => stage.call(token)));
    ok(answers.every(({ status }) => status === 200));
    const fetches = provider.asked - before;
    ok(fetches <= 2, `${fetches} documents fetched`);
    return {
      saw: `200; 20 callers with a key not seen yet waited for one fetch (${Math.round(stage.longestMs)} ms), nobody else did`,
      lasted: 'one fetch',
      recovered: 'nothing was to be',
      lost: 'nothing',
    };
  });
}

async function gigabyte() {
  let read = 0;
  const finding = await outage({
    begin: (provider) => void (provider.fault = endless),
    end: (provider) => {
      read = Math.max(read, provider.network.bytesFromServer / provider.asked);
      mended(provider);
    },
  });
  // What was on its way when reading ended is in the buffers of the system.
  ok(read < most * 16, `${read} bytes of each document came through`);
  return { ...finding, saw: `${finding.saw}; of each document at most 512 KiB are read` };
}

async function redirects() {
  let asked = 0;
  const count = (request, response) => {
    asked += 1;
    redirecting(request, response);
  };
  const finding = await outage(answering(count));
  ok(asked < 20, `${asked} requests`);
  return { ...finding, saw: `${finding.saw}; no redirect is followed` };
}

async function everySecond({ isShort }) {
  return onStage({}, async (stage) => {
    const { provider } = stage;
    await stage.passes();
    const waiting = [];
    let longest = 0;
    const seconds = isShort ? 40 : 90;
    const before = provider.asked;
    for (let second = 0; second < seconds || waiting.length > 0; second += 1) {
      stage.advance(1);
      if (second < seconds) {
        await provider.issuer.rotateKeys();
        waiting.push({ token: await provider.token(), since: second });
      }
      for (const each of waiting.splice(0)) {
        const { status, code } = await stage.call(each.token);
        if (status === 200) longest = Math.max(longest, second - each.since);
        else {
          equal(`${status} ${code}`, '401 token_key');
          waiting.push(each);
        }
      }
    }
    ok(longest <= 30, `a token waited for ${longest} s`);
    await stage.passes();
    return {
      saw: `401 token_key for tokens of keys not seen yet; all others 200; ${provider.asked - before} documents fetched in ${seconds} s`,
      lasted: `at most one cool-down for a token: ${longest} s`,
      recovered: 'all of it',
      lost: 'nothing',
    };
  });
}

async function lostAndRegained() {
  return onStage({}, async (stage) => {
    const { provider } = stage;
    const { signingKey: lost } = provider.issuer;
    await stage.passes();
    const { jwk: other } = await provider.issuer.rotateKeys();
    const token = () => provider.token({ key: lost });
    provider.issuer.publish([other]);
    stage.advance(601);
    await stage.passes(); // of the other key, which is fetched
    const refused = await stage.call(await token());
    equal(`${refused.status} ${refused.code}`, '401 token_key');
    provider.issuer.publish(undefined);
    const seconds = await stage.secondsUntilAccepted(await token());
    ok(seconds <= 30, `${seconds} s`);
    return {
      saw: '401 token_key for tokens of the lost key, as if it had been withdrawn; all others 200',
      lasted: `until the key is back, and at most a cool-down longer: ${seconds} s`,
      recovered: 'all of it',
      lost: 'nothing',
    };
  });
}

/** Its tokens are from the future, or seem to be old already. */
async function clockOff(offsetSeconds) {
  const life = { expiresInSeconds: 300 };
  const strict = await onStage({ offsetSeconds }, async (stage) => {
    const token = await stage.provider.token(life);
    const first = await stage.call(token);
    const seconds = first.status === 200 ? 0 : await stage.secondsUntilAccepted(token);
    return { ...first, seconds };
  });
  const tolerant = { offsetSeconds, options: { clockToleranceSeconds: 300 } };
  await onStage(tolerant, async (stage) => equal((await stage.call(await stage.provider.token(life))).status, 200));
  const saw = strict.status === 200 ? '200' : `${strict.status} ${strict.code}`;
  return {
    saw: `${saw} by the default clock_tolerance_seconds of 30, 200 with 300`,
    lasted: offsetSeconds > 0 ? `the first ${strict.seconds} s of each token` : 'tokens end 4 minutes early',
    recovered: offsetSeconds > 0 ? 'each token, when its time has come' : 'nothing was to be',
    lost: 'nothing',
  };
}
