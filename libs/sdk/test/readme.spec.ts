import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readmeBlocks } from './support/readme-blocks.js';
import { StubIdp } from './support/stub-idp.js';
import { StubPlatform } from './support/stub-platform.js';
import { TemporaryConfig } from './support/temporary-config.js';
import { TypescriptProcess } from './support/typescript-process.js';

const blocks = await readmeBlocks(join(import.meta.dirname, '..', 'README.md'), 'ts');
const outputs = [
  'one\ntwo\n',
  'Open https://idp.example.com/device and enter ABCD-EFGH\na\n',
  'I am alice@example.com\n409 conflict: There is one\nSecond steps\n',
  'Known wherever the platform decides\ngroup:team-ml Viewer\n',
  "[ 'platform:read' ]\n",
];
const path = '/apis/entities/v2/workspaces';
const accessKeys = '/apis/auth/v2/access-keys';

describe('the programs in README.md', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    config = await TemporaryConfig.create();
    await config.signIn({ baseUrl: platform.url, token: idp.accessToken({ now: new Date() }) });
    platform.hasWorkspaces('one', 'two');
    platform.on('GET /apis/auth/v2/whoami', {
      json: { principal: { kind: 'user', id: 'a', email: 'alice@example.com' }, scopes: ['platform:read'] },
    });
    idp.http.on('POST /device', idp.deviceCode({ interval: 1 }));
    idp.http.on('POST /token', idp.tokens({ now: new Date() }));
    platform.on(`POST ${path}`, { status: 409, json: { code: 'conflict', detail: 'There is one' } });
    platform.on(`PUT ${path}/demo`, { json: { name: 'demo' } });
    platform.on(`GET ${path}/demo`, { json: { name: 'demo', description: 'Second steps' } });
    const member = { principal: 'group:team-ml', roles: ['Viewer'], role_propagation_confirmed: true };
    platform.on(`GET ${path}/demo/members`, { json: { data: [member] } });
    platform.on(`POST ${path}/demo/members`, { status: 201, json: member });
    platform.on(`PUT ${path}/demo/members/bob%40example.com`, { json: member });
    platform.on(`DELETE ${path}/demo/members/bob%40example.com`, { json: { id: 'x', message: 'Member removed' } });
    const key = { jti: 'key-1', name: 'ci', scopes: ['platform:read'], access_key: 'a.new.key' };
    platform.on(`POST ${accessKeys}`, { status: 201, json: key });
    platform.on(`DELETE ${accessKeys}/key-1`, { json: key });
    platform.on(`DELETE ${path}/demo`, { json: { id: 'demo', message: 'Workspace marked for deletion' } });
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await config.remove();
  });

  it.each(blocks.map((code, index) => [index, code, outputs[index]]))(
    'number %i does what it says',
    async (_, code, stdout) => {
      const child = TypescriptProcess.evaluate(String(code), { NMP_CONFIG_FILE: config.path });
      await expect(child.result()).resolves.toEqual({ stdout, stderr: '', exitCode: 0 });
    },
  );

  it('are as many as are checked here', () => {
    expect(blocks).toHaveLength(outputs.length);
  });
});
