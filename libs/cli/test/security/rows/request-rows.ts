import { expect } from '@jest/globals';
import { NeMoPlatform } from '@nmp/sdk';
import { StubPlatform } from '../../../../sdk/test/support/stub-platform.js';
import type { CommandLine } from '../../support/command-line.js';
import type { Row } from '../prove.js';

const workspaces = '/apis/entities/v2/workspaces';

const client = (line: CommandLine, baseUrl?: string): NeMoPlatform =>
  new NeMoPlatform({ env: {}, configPath: line.config.path, clock: line.clock, baseUrl, maxRetries: 0 });

const challenge = (error: string): Record<string, string> => ({
  'www-authenticate': `Bearer realm="x", error="${error}"`,
});

/** What goes over the wire, and what is said of it. */
export const requestRows: readonly Row[] = [
  {
    id: 'L22',
    what: '--verbose tells requests, and neither tokens nor codes',
    prove: async (line) => {
      line.allowDeviceLogin();
      const login = await line.run(['auth', 'login', '--verbose', '--base-url', line.platform.url]);
      line.platform.hasWorkspaces('one');
      const list = await line.run(['workspaces', 'list', '--verbose']);
      const view = await line.run(['config', 'view']);
      const token = (await line.run(['auth', 'token'])).stdout.trim();
      const said = [login, list, view].map(({ stdout, stderr }) => stdout + stderr).join('');
      expect(said).toContain('POST');
      for (const secret of ['secret-device-code', 'refresh-1', ...token.split('.')]) expect(said).not.toContain(secret);
    },
  },
  {
    id: 'L23',
    what: 'a token goes to no other host, along no redirect, and not over http',
    prove: async (line) => {
      const token = await line.signedIn();
      const other = await StubPlatform.start(line.idp);
      other.hasWorkspaces();
      await client(line, other.url).workspaces.list().toArray();
      expect(other.bearers).toEqual([undefined]);
      const location = `${other.url}${workspaces}`;
      line.platform.on(`GET ${workspaces}`, { status: 307, headers: { location } });
      await expect(client(line).workspaces.list().toArray()).rejects.toMatchObject({ status: 307 });
      expect(other.bearers).toHaveLength(1);
      const plain = new NeMoPlatform({ env: {}, baseUrl: 'http://nmp.example.com', accessToken: token });
      await expect(plain.auth.whoami()).rejects.toMatchObject({ code: 'insecure_url' });
      await other.close();
      line.platform.hasWorkspaces('one');
      await client(line).workspaces.list().toArray();
      expect(line.platform.bearers.at(-1)).toBe(token);
    },
  },
  {
    id: 'L24',
    what: 'invalid_token causes one refresh and one repetition, body and all',
    prove: async (line) => {
      await line.signedIn();
      line.idp.rotate('refresh-0', () => ({ now: line.clock.now() }));
      const refusal = { status: 401, headers: challenge('invalid_token'), json: { detail: 'no' } };
      line.platform.on(`POST ${workspaces}`, refusal);
      await expect(client(line).workspaces.create({ name: 'new' })).rejects.toMatchObject({ status: 401 });
      const bodies = line.platform.http.requestsTo(workspaces).map(({ body }) => body);
      expect(bodies).toEqual(['{"name":"new"}', '{"name":"new"}']);
      expect(line.idp.tokenRequests).toHaveLength(1);
    },
  },
  ...([401, 403] as const).map((status) => ({
    id: 'L25',
    what: `${status} that another token would not change is not repeated`,
    prove: async (line: CommandLine) => {
      await line.signedIn();
      const headers = challenge(status === 401 ? 'insufficient_user_authentication' : 'insufficient_scope');
      line.platform.on(`GET ${workspaces}/x`, { status, headers, json: { detail: 'no' } });
      await expect(client(line).workspaces.get('x')).rejects.toMatchObject({ status });
      expect(line.platform.bearers).toHaveLength(1);
      expect(line.idp.tokenRequests).toEqual([]);
    },
  })),
];
