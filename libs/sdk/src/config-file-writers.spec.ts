import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stress } from '../test/support/stress.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import { ConfigDocument } from './config-document.js';
import { ConfigFile } from './config-file.js';

const contexts = ['default', 'work'] as const;
const comment = "# alice's own words";
const start = `${comment}
telemetry_enabled: false
current_context: default
clusters:
  - { name: c, base_url: 'http://localhost:8080' }
users:
  - { name: default-user, type: oauth, token: token-0, refresh_token: refresh-0 }
contexts:
  - { name: default, cluster: c, user: default-user, workspace: default }
  - { name: work, cluster: c, workspace: default }
`;

type Change = (document: ConfigDocument, serial: number) => void;

const context = fc.constantFrom(...contexts);
const newTokens = context.map(
  (name): Change =>
    (document, serial) =>
      document.setCredentials(name, { token: `token-${serial}`, refreshToken: `refresh-${serial}` }),
);
const signOut = context.map(
  (name): Change =>
    (document) =>
      document.clearCredentials(name),
);
const newWorkspace = fc.tuple(context, fc.string({ minLength: 1 })).map(
  ([name, workspace]): Change =>
    (document) =>
      document.setWorkspace(name, workspace),
);
const change = fc.oneof({ weight: 3, arbitrary: newTokens }, signOut, newWorkspace);
const writers = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 });

describe('several writers of one configuration file', () => {
  let config: TemporaryConfig;

  beforeEach(async () => {
    config = await TemporaryConfig.create();
  });
  afterEach(() => config.remove());

  it('leave, in whatever order they come, a whole file with the newest of everything, and what is not theirs', async () => {
    const property = fc.asyncProperty(fc.scheduler(), writers, async (scheduler, lists) => {
      await config.write(start);
      let serial = 0;
      // The same changes in the same order, with nobody else about.
      const alone = ConfigDocument.parse(start, config.path);
      const write = async (changes: readonly Change[]): Promise<void> => {
        const file = new ConfigFile(config.path);
        for (const apply of changes) {
          await scheduler.schedule(Promise.resolve());
          await file.update((document) => {
            serial += 1;
            apply(document, serial);
            apply(alone, serial);
          });
        }
      };
      const done = Promise.all(lists.map(write));
      await scheduler.waitFor(done);

      expect(serial).toBe(lists.flat().length);
      expect(stateOf(await config.file.read())).toEqual(stateOf(alone));
      expect(await config.mode()).toBe('600');
      expect(await config.read()).toContain(comment);
      expect(await config.read()).toContain('telemetry_enabled: false');
    });
    await fc.assert(property, { numRuns: stress.interleavings });
  }, 600_000);
});

function stateOf(document: ConfigDocument): unknown[] {
  return contexts.map((name) => document.context(name));
}
