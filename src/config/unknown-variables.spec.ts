import { describe, expect, it } from '@jest/globals';
import { unknownVariables } from './unknown-variables.js';

describe('unknownVariables', () => {
  it.each([
    ['NMP_DATABASE_URI', 'NMP_DATABASE_URL'],
    ['NMP_SERVR_PORT', 'NMP_SERVER_PORT'],
    ['NMP_METRICS_PROT', 'NMP_METRICS_PORT'],
  ])('tells that %s is none, and that %s is', (name, meant) => {
    expect(unknownVariables({ [name]: 'secret' })).toEqual([
      `${name} is not a setting and changes nothing, did you mean ${meant}?`,
    ]);
  });

  it('leaves settings and the variables of other programs alone', () => {
    const settings = 'NMP_DATABASE_URL NMP_CONFIG_FILE_PATH NMP_AUTH_ENABLED';
    const others = 'NMP_BASE_URL NMP_ACCESS_TOKEN NMP_CONFIG_FILE NMP_OIDC_PASSWORD NMP_TOKEN_STORE NMP_WORKSPACE';
    const links = 'NMP_SERVER_SERVICE_HOST NMP_SERVER_PORT_8080_TCP NMP_PLATFORM_SERVICE_PORT DATABASE_URI';
    const names = `${settings} ${others} NMP_FUZZ_SEED NMP_SKIP_INSTALL NMP_INTEROP ${links}`.split(' ');
    expect(unknownVariables(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([]);
  });
});
