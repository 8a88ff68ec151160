import { chmod, chown, mkdir, readdir, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect } from '@jest/globals';
import { ConfigFile, NeMoPlatform } from '@nmp/sdk';
import type { Row } from '../prove.js';

/** The configuration file and the tokens in it. */
export const storeRows: readonly Row[] = [
  {
    id: 'L11',
    what: 'a file with tokens that others can read is refused, and so is one of another user',
    prove: async (line) => {
      const token = await line.signedIn();
      expect((await line.run(['auth', 'token'])).stdout).toBe(`${token}\n`);
      await chmod(line.config.path, 0o644);
      expect(await line.run(['auth', 'token'])).toMatchObject({ exitCode: 1, stdout: '' });
      await chmod(line.config.path, 0o600);
      await expect(asAnotherUser(line.config.path)).rejects.toThrow(/belongs to another user/);
    },
  },
  {
    id: 'L11',
    what: 'a directory that others can write to is told',
    prove: async (line) => {
      await line.signedIn();
      expect((await line.run(['auth', 'token'])).stderr).toBe('');
      await chmod(dirname(line.config.path), 0o777);
      expect((await line.run(['auth', 'token'])).stderr).toMatch(/Other users can write/);
    },
  },
  {
    id: 'L12',
    what: 'a change that fails half-way leaves the old file, and nothing beside it',
    prove: async (line) => {
      await line.signedIn();
      const before = await line.config.read();
      const failure = line.config.file.update((document) => {
        document.clearCredentials('default');
        throw new Error('crash');
      });
      await expect(failure).rejects.toThrow('crash');
      expect(await line.config.read()).toBe(before);
      expect(await readdir(line.config.directory)).toEqual(['config.yaml']);
    },
  },
  {
    id: 'L13',
    what: 'fifty clients with an expired token cause one refresh where each refresh token works once',
    prove: async (line) => {
      const token = line.idp.accessToken({ now: new Date('2020-01-01T00:00:00Z') });
      await line.config.signIn({ baseUrl: line.platform.url, token, refreshToken: 'refresh-0' });
      line.idp.rotate('refresh-0', () => ({ now: line.clock.now() }));
      line.platform.hasWorkspaces('one');
      const clients = Array.from(
        { length: 50 },
        () => new NeMoPlatform({ env: {}, configPath: line.config.path, clock: line.clock }),
      );
      await Promise.all(clients.map((client) => client.workspaces.list().toArray()));
      expect(line.idp.tokenRequests).toHaveLength(1);
      expect(new Set(line.platform.bearers).size).toBe(1);
    },
  },
  {
    id: 'L14',
    what: 'the lock of a process that died is taken over',
    prove: async (line) => {
      await line.signedIn();
      line.idp.rotate('refresh-0', () => ({ now: line.clock.now() }));
      for (const lock of [`${line.config.path}.lock`, `${line.config.path}.default-user.refresh.lock`]) {
        await mkdir(lock);
        await utimes(lock, new Date(0), new Date(0));
      }
      expect((await line.run(['auth', 'refresh'])).exitCode).toBe(0);
    },
  },
  {
    id: 'L16',
    what: 'a sign-in serves no other platform and no other context',
    prove: async (line) => {
      const token = await line.signedIn();
      const elsewhere = await line.run(['auth', 'token', '--base-url', 'https://other.example']);
      expect(elsewhere).toMatchObject({ exitCode: 1, stdout: '' });
      expect(await line.run(['auth', 'token', '--context', 'work'])).toMatchObject({ exitCode: 1, stdout: '' });
      expect((await line.run(['auth', 'token'])).stdout).toBe(`${token}\n`);
    },
  },
  {
    id: 'L16',
    what: 'other scopes, another client and another user are asked for anew',
    prove: async (line) => {
      await line.signedIn();
      line.idp.http.on('POST /token', () => line.idp.tokens({ now: line.clock.now() }));
      const login = ['auth', 'login', '--username', 'bob', '--password', 'pw', '--scope', 'platform:read'];
      expect((await line.run([...login, '--client-id', 'other'])).exitCode).toBe(0);
      expect(line.idp.tokenRequests[0]).toMatchObject({ client_id: 'other', username: 'bob' });
      expect((await line.run(['auth', 'refresh'])).exitCode).toBe(0);
      expect(line.idp.tokenRequests[1]).toMatchObject({ client_id: 'other' });
    },
  },
  {
    id: 'L17',
    what: 'a file that was cut off is told in words; without it, signing in works again',
    prove: async (line) => {
      await line.config.write('contexts: [{name: default, clus');
      const failed = await line.run(['auth', 'token']);
      expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/move it away.*nemo auth login/) });
      await line.config.write('version: 99\nunknown: {a: 1}\n');
      line.allowDeviceLogin();
      expect((await line.run(['auth', 'login', '--base-url', line.platform.url])).exitCode).toBe(0);
      expect(await line.config.read()).toContain('version: 99');
    },
  },
  {
    id: 'L18',
    what: 'a refresh that brings no refresh token keeps the old one',
    prove: async (line) => {
      await line.signedIn();
      line.idp.http.on('POST /token', line.idp.tokens({ now: line.clock.now() }, { refresh_token: undefined }));
      expect((await line.run(['auth', 'refresh'])).exitCode).toBe(0);
      expect(await line.config.read()).toContain('refresh_token: refresh-0\n');
    },
  },
  {
    id: 'L19',
    what: 'invalid_grant drops the refresh token, keeps the user, and asks for a sign-in',
    prove: async (line) => {
      await line.signedIn();
      line.idp.http.on('POST /token', line.idp.error('server_error', { status: 503 }));
      await line.run(['auth', 'refresh']);
      expect(await line.config.read()).toContain('refresh-0');
      line.idp.http.on('POST /token', line.idp.error('invalid_grant'));
      const { exitCode, stderr } = await line.run(['auth', 'refresh']);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('nemo auth login') });
      const kept = await line.config.read();
      expect(kept).not.toContain('refresh-0');
      expect(kept).toContain('name: default-user');
    },
  },
  {
    id: 'L20',
    what: 'signing out revokes both tokens, then forgets them; without a provider it forgets them and warns',
    prove: async (line) => {
      const token = await line.signedIn();
      expect((await line.run(['auth', 'logout'])).exitCode).toBe(0);
      expect(line.idp.http.requestsTo('/revoke').map(({ form }) => form.token)).toEqual(['refresh-0', token]);
      expect(await line.config.read()).not.toContain(token);
      const second = await line.signedIn();
      await line.idp.close();
      expect(await line.run(['auth', 'logout'])).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('Warning'),
      });
      expect(await line.config.read()).not.toContain(second);
    },
  },
  {
    id: 'L21',
    what: "the environment's token wins, is shown as such, and is never written",
    prove: async (line) => {
      await line.signedIn();
      const before = await line.config.read();
      const env = { NMP_ACCESS_TOKEN: line.idp.accessToken({ now: line.clock.now() }) };
      expect((await line.run(['auth', 'token'], { env })).stdout).toBe(`${env.NMP_ACCESS_TOKEN}\n`);
      expect((await line.run(['auth', 'status'], { env })).stdout).toMatch(/Credentials +NMP_ACCESS_TOKEN/);
      expect(await line.config.read()).toBe(before);
    },
  },
];

/** Reads the file as somebody whose it is not. The administrator's files are everybody's, so he has to give it away. */
async function asAnotherUser(path: string): Promise<unknown> {
  const me = process.getuid?.() ?? 0;
  if (me === 0) await chown(path, 4711, 4711);
  return new ConfigFile(path, undefined, me === 0 ? me : me + 1).read();
}
