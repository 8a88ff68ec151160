import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestIssuer } from '@nmp/auth/testing';
import { ConfigDocument } from '@nmp/sdk';
import { FakeClock } from '../../sdk/test/support/fake-clock.js';
import { readmeBlocks } from '../../sdk/test/support/readme-blocks.js';
import { CommandLine } from './support/command-line.js';

const readme = join(import.meta.dirname, '..', 'README.md');
const lines = (await readmeBlocks(readme, 'sh')).flatMap((block) => block.trimEnd().split('\n'));
const all = lines.filter((line) => line.startsWith('nemo '));
const examinations = all.filter((line) => line.startsWith('nemo auth doctor'));
const commands = all.filter((line) => !examinations.includes(line));
const workspaces = '/apis/entities/v2/workspaces';
const accessKeys = '/apis/auth/v2/access-keys';

describe('the commands in README.md', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
    await line.signedIn();
    line.platform.hasWorkspaces('demo');
    line.platform.on(`POST ${workspaces}`, { status: 201, json: { name: 'demo' } });
    const member = { principal: 'bob@example.com', roles: ['Editor'], role_propagation_confirmed: true };
    line.platform.on(`GET ${workspaces}/demo/members`, { json: { data: [member] } });
    line.platform.on(`POST ${workspaces}/demo/members`, { status: 201, json: member });
    line.platform.on(`PUT ${workspaces}/demo/members/bob%40example.com`, { json: member });
    line.platform.on(`DELETE ${workspaces}/demo/members/bob%40example.com`, { json: { id: 'x', message: 'Removed' } });
    line.platform.on('GET /apis/auth/v2/whoami', { json: { principal: { kind: 'user', id: 'alice-id' }, scopes: [] } });
    const key = { jti: 'key-1', name: 'ci', scopes: ['platform:read'], state: 'active', access_key: 'a.new.key' };
    const pagination = { page: 1, page_size: 100, current_page_size: 1, total_pages: 1, total_results: 1 };
    line.platform.on(`GET ${accessKeys}`, { json: { data: [key], pagination } });
    line.platform.on(`POST ${accessKeys}`, { status: 201, json: key });
    line.platform.on(`POST ${accessKeys}/key-1/rotate`, { json: key });
    line.platform.on(`DELETE ${accessKeys}/key-1`, { json: key });
    line.idp.http.on('POST /device', line.idp.deviceCode());
    line.idp.http.on('POST /token', () => line.idp.tokens({ now: line.clock.now() }));
  });
  afterEach(() => line.end());

  it.each(commands)('%s', async (command) => {
    const [spoken = '', file] = command.split(' < ');
    const withoutProvider = { auth_enabled: true, allow_unsigned_jwt: true, oidc: null };
    if (spoken.includes('--unsigned-token')) line.platform.on('GET /apis/auth/discovery', { json: withoutProvider });
    const input = file === 'token.txt' ? line.idp.accessToken({ now: line.clock.now() }) : 'a-secret';
    const readInput = () => Promise.resolve(file === undefined ? '' : input);
    const words = [...spoken.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const args = words.slice(1).map((word) => word.replace('https://nmp.example.com', line.platform.url));
    await expect(line.run(args, { readInput })).resolves.toMatchObject({ exitCode: 0 });
  });

  it.each(examinations)('%s', async (command) => {
    line.clock = new FakeClock(new Date().toISOString());
    const metadata = {
      token_endpoint: line.idp.endpoint('/token'),
      device_authorization_endpoint: line.idp.endpoint('/device'),
    };
    const issuer = await TestIssuer.start({ algorithm: 'ES256', audience: 'nmp-platform', metadata });
    line.platform.discovers({ issuer: issuer.issuer });
    await line.config.signIn({ baseUrl: line.platform.url, token: await issuer.accessToken() });
    const args = command.replace('https://idp.example.com', issuer.issuer).split(' ').slice(1);
    await expect(line.run(args)).resolves.toMatchObject({ exitCode: 0 });
    await issuer.close();
  });

  it('are all there is, but for one of curl', () => {
    expect(commands.length).toBeGreaterThan(10);
    expect(lines.filter((text) => !text.startsWith('nemo '))).toEqual([
      expect.stringContaining('Bearer $(nemo auth token)'),
    ]);
  });

  it('show a configuration file that can be read', async () => {
    const [example] = await readmeBlocks(readme, 'yaml');
    expect(ConfigDocument.parse(example ?? '', 'README.md').context('default')).toMatchObject({
      baseUrl: 'http://localhost:8080',
      credentials: { issuer: 'https://idp.example.com' },
    });
  });
});
