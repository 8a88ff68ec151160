import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/** What has to be set for the rest to be read at all. */
const least = { auth: { oidc: { issuer: 'https://idp.example.com', client_id: 'nmp-cli' } } };

/**
 * Asks the code that reads the platform's settings about them.
 *
 * @param {object} code of the platform and of the auth module, built or as sources
 * @returns {import('./setting-rows.mjs').PlatformSettings}
 */
export function platformSettings({ settingTree, settingVariables, loadConfig, settingProblemOf, authConfigOf }) {
  /** The configuration that settings come to. */
  const read = (settings) => {
    const directory = mkdtempSync(join(tmpdir(), 'nmp-settings-'));
    try {
      const file = join(directory, 'platform.yaml');
      writeFileSync(file, stringify(merged(least, settings)));
      const config = loadConfig({ NMP_CONFIG_FILE_PATH: file });
      return { ...config, auth: authConfigOf(config.auth) };
    } finally {
      rmSync(directory, { recursive: true });
    }
  };
  return {
    tree: settingTree,
    variables: settingVariables,
    parse,
    required: pathsIn(least),
    problemsOf(settings) {
      try {
        read(settings);
        return [];
      } catch (error) {
        if (error.problems === undefined) throw error;
        return error.code === 'auth_config' ? error.problems.map(settingProblemOf) : error.problems;
      }
    },
    effectOf(settings) {
      try {
        return JSON.stringify(read(settings), plain);
      } catch (error) {
        if (error.problems === undefined) throw error;
        return error.problems.join('\n');
      }
    },
  };
}

function pathsIn(settings) {
  return Object.entries(settings).flatMap(([key, value]) =>
    isMapping(value) ? pathsIn(value).map((path) => `${key}.${path}`) : [key],
  );
}

function merged(base, settings) {
  if (!isMapping(base) || !isMapping(settings)) return settings;
  const both = Object.entries(settings).map(([key, value]) => [key, key in base ? merged(base[key], value) : value]);
  return { ...base, ...Object.fromEntries(both) };
}

function isMapping(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plain(_key, value) {
  if (value instanceof Map || value instanceof Set) return [...value];
  return value;
}
