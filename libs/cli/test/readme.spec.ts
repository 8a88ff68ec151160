import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigDocument } from '@nmp/sdk';
import { readmeBlocks } from '../../sdk/test/support/readme-blocks.js';
import { CommandLine } from './support/command-line.js';

const readme = join(import.meta.dirname, '..', 'README.md');
const lines = (await readmeBlocks(readme, 'sh')).flatMap((block) => block.trimEnd().split('\n'));
const commands = lines.filter((line) => line.startsWith('nemo '));
const workspaces = '/apis/entities/v2/workspaces';

describe('the commands in README.md', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
    await line.signedIn();
    line.platform.hasWorkspaces('demo');
    line.platform.on(`POST ${workspaces}`, { status: 201, json: { name: 'demo' } });
    line.platform.on('GET /apis/auth/v2/whoami', { json: { principal: { kind: 'user', id: 'alice-id' }, scopes: [] } });
    line.idp.http.on('POST /device', line.idp.deviceCode());
    line.idp.http.on('POST /token', () => line.idp.tokens({ now: line.clock.now() }));
  });
  afterEach(() => line.end());

  it.each(commands)('%s', async (command) => {
    const [spoken = '', file] = command.split(' < ');
    const input = file === 'token.txt' ? line.idp.accessToken({ now: line.clock.now() }) : 'a-secret';
    const readInput = () => Promise.resolve(file === undefined ? '' : input);
    const words = [...spoken.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const args = words.slice(1).map((word) => word.replace('https://nmp.example.com', line.platform.url));
    await expect(line.run(args, { readInput })).resolves.toMatchObject({ exitCode: 0 });
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
