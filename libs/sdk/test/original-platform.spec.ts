import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { discoverPlatform, NeMoPlatform, signIn } from '@nmp/sdk';
import { expectedShape } from './support/expected-shape.js';
import { FakeClock } from './support/fake-clock.js';
import { answerAsRecorded, recordedAnswers } from './support/original-answers.js';
import type { RecordedAnswers } from './support/original-answers.js';
import { StubIdp } from './support/stub-idp.js';
import { StubPlatform } from './support/stub-platform.js';
import { TemporaryConfig } from './support/temporary-config.js';

describe("the library and the original's platform", () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;
  let clock: FakeClock;

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    config = await TemporaryConfig.create();
    clock = new FakeClock();
    const token = idp.accessToken({ now: clock.now() });
    await config.signIn({ baseUrl: platform.url, token, refreshToken: 'refresh-0' });
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await config.remove();
  });

  it.each(recordedAnswers)('$id: $source', async (recorded) => {
    answerAsRecorded(platform, idp, recorded, clock.now());
    const { result, error, refreshes = 0 } = recorded.sdk;
    const outcome = await call(recorded.sdk).then(
      (value: unknown) => ({ value }),
      (thrown: unknown) => ({ class: (thrown as Error).constructor.name, members: thrown }),
    );
    expect(outcome).toEqual(
      error === undefined
        ? { value: expectedShape(result) }
        : { class: error.class, members: expectedShape(error.members) },
    );
    const renewals = idp.tokenRequests.filter(({ grant_type: type }) => type === 'refresh_token');
    expect(renewals).toHaveLength(refreshes);
  });

  function call({ call, args = [] }: RecordedAnswers['sdk']): Promise<unknown> {
    const { workspaces, auth } = new NeMoPlatform({ env: { NMP_CONFIG_FILE: config.path }, clock });
    const { members } = workspaces;
    const calls = new Map<string, (...args: never[]) => Promise<unknown>>([
      ['discovery', () => discoverPlatform(platform.url, { fetch, timeoutMs: 30_000 })],
      ['signIn', () => signInWith({ type: 'password', username: 'alice', password: 'secret' })],
      ['signInByDevice', () => signInWith({ type: 'device', onDeviceCode: () => undefined })],
      ['auth.whoami', () => auth.whoami()],
      ['workspaces.list', () => workspaces.list().toArray()],
      ['workspaces.get', workspaces.get.bind(workspaces)],
      ['workspaces.create', workspaces.create.bind(workspaces)],
      ['workspaces.update', workspaces.update.bind(workspaces)],
      ['workspaces.delete', workspaces.delete.bind(workspaces)],
      ['members.list', members.list.bind(members)],
      ['members.create', members.create.bind(members)],
      ['members.update', members.update.bind(members)],
      ['members.delete', members.delete.bind(members)],
    ]);
    const found = calls.get(call);
    if (found === undefined) throw new Error(`There is no call "${call}"`);
    return found(...(args as never[])); // what the fixture has for this call
  }

  function signInWith(grant: Parameters<typeof signIn>[0]['grant']): Promise<unknown> {
    const http = { fetch, timeoutMs: 30_000 };
    const request = { configFile: config.file, contextName: 'default', baseUrl: platform.url, http, clock, env: {} };
    return signIn({ ...request, grant });
  }
});
