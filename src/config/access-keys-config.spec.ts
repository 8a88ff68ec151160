import { describe, expect, it } from '@jest/globals';
import { accessKeysConfigOf } from './access-keys-config.js';
import type { Settings } from './file-settings.js';

const YEAR_SECONDS = 31_536_000;

describe('auth.access_keys', () => {
  it.each([[undefined], [{}], [{ enabled: false, max_per_owner: 5 }]])(
    'are none unless they are switched on: %j',
    (settings) => {
      expect(read(settings)).toEqual({ config: undefined, problems: [] });
    },
  );

  it('have their defaults', () => {
    const config = {
      audience: 'nemo-platform-access-key',
      defaultLifeSeconds: 2_592_000,
      maxLifeSeconds: 2_592_000,
      maxPerOwner: 100,
    };
    expect(read({ enabled: true })).toEqual({ config, problems: [] });
    expect(read({ enabled: true, issue_format: 'jwt', accepted_formats: ['jwt'] }).config).toEqual(config);
  });

  it('live as long as they may by default, where that is shorter', () => {
    const { config } = read({ enabled: true, max_expires_in_seconds: 3_600 });
    expect(config).toMatchObject({ defaultLifeSeconds: 3_600, maxLifeSeconds: 3_600 });
    expect(read({ enabled: true, max_expires_in_seconds: YEAR_SECONDS }).config?.defaultLifeSeconds).toBe(2_592_000);
  });

  it.each<[string, Settings, RegExp]>([
    ['the audience of other tokens', { audience: 'nmp-platform' }, /audience must be a text, and no audience/],
    ['no audience', { audience: ' ' }, /audience must be a text/],
    [
      'keys without an end',
      { max_expires_in_seconds: YEAR_SECONDS + 1 },
      /max_expires_in_seconds must be between 1 and/,
    ],
    [
      'keys without a beginning',
      { default_expires_in_seconds: 0 },
      /default_expires_in_seconds must be between 1 and max/,
    ],
    [
      'a default beyond the longest life',
      { default_expires_in_seconds: 61, max_expires_in_seconds: 60 },
      /default_expires_in_seconds must be between 1 and max_expires/,
    ],
    ['no key for anybody', { max_per_owner: 0 }, /max_per_owner must be between 1 and 10000/],
    ['another form', { issue_format: 'opaque' }, /issue_format must be jwt/],
    ['more forms', { accepted_formats: ['jwt', 'opaque'] }, /accepted_formats must be \[jwt\]/],
  ])('stop the start with %s', (_, settings, problem) => {
    const { problems } = read({ enabled: true, ...settings });
    expect(problems).toEqual([expect.stringMatching(/^auth\.access_keys\./)]);
    expect(problems[0]).toMatch(problem);
  });

  it('do not outlive so many signing keys that a verifier would not read them all', () => {
    const settings = { enabled: true, max_expires_in_seconds: 91 * 86_400 };
    expect(read(settings, 1).problems).toEqual([expect.stringContaining('signing_keys.rotation_days')]);
    expect(read(settings, 2).problems).toEqual([]);
  });
});

function read(settings: Settings | undefined, rotationDays = 30) {
  const problems: string[] = [];
  return { config: accessKeysConfigOf(settings, { taken: ['nmp-platform'], rotationDays }, problems), problems };
}
