import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Interruption } from '@nmp/cli';
import type { World } from '@nmp/cli';
import { CommandLine } from './support/command-line.js';

const path = '/apis/entities/v2/workspaces';

describe('how things are shown', () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
    await line.signedIn();
    const data = [{ name: 'one', description: 'd'.repeat(80), created_at: '2029-12-31T23:00:00Z' }];
    const pagination = { page: 1, page_size: 100, total_results: 1, total_pages: 1, current_page_size: 1 };
    line.platform.on(`GET ${path}`, { json: { data, pagination } });
  });
  afterEach(() => line.end());

  describe("by the context's preferences", () => {
    const prefer = async (preferences: string): Promise<void> => {
      await line.config.write(
        (await line.config.read()).replace(/(workspace: default)/, `$1\n    preferences: {${preferences}}`),
      );
    };
    const list = async (args: string[] = [], env = {}): Promise<string> =>
      (await line.run(['workspaces', 'list', ...args], { env })).stdout;

    it('takes the format of the file, after option and environment', async () => {
      await prefer('output_format: json');
      expect(JSON.parse(await list())).toMatchObject([{ name: 'one' }]);
      expect(await list([], { NMP_OUTPUT_FORMAT: 'yaml' })).toMatch(/^- name: one/);
      expect(await list(['-f', 'table'])).toMatch(/^NAME/);
    });

    it('takes how times are shown, and whether cells are cut off', async () => {
      expect(await list()).toMatch(/d…/);
      await prefer('timestamp_format: relative, truncate: false');
      expect(await list()).toMatch(/d{80} .*1h ago/);
      expect(await list(['--timestamp-format', 'iso8601'])).toContain('2029-12-31T23:00:00Z');
      expect(await list([], { NMP_TRUNCATE: 'yes' })).toMatch(/d…/);
    });

    it('passes over what it does not know, and a file that it cannot read', async () => {
      await prefer('output_format: xml, timestamp_format: 5, truncate: sometimes');
      expect(await list()).toMatch(/^NAME/);
      await line.config.write('contexts: [');
      const env = { NMP_BASE_URL: line.platform.url, NMP_ACCESS_TOKEN: 'given' };
      expect(await list([], env)).toMatch(/^NAME/);
    });
  });

  it('config view shows the context alone, and all of them with --all-contexts', async () => {
    await line.config.file.update((document) => document.setBaseUrl('work', 'https://nmp.example.com'));
    const view = async (...args: string[]): Promise<string> => (await line.run(['config', 'view', ...args])).stdout;
    expect(await view()).not.toContain('work-cluster');
    expect(await view('--context', 'work')).toMatch(/clusters:\n {2}- name: work-cluster\n/);
    expect(await view('--context', 'work')).not.toContain('default-user');
    const all = await view('--all-contexts');
    for (const name of ['default-user', 'default-cluster', 'work-cluster']) expect(all).toContain(name);
    expect(await line.run(['config', 'view', '--context', 'wrok'])).toMatchObject({ exitCode: 1, stdout: '' });
  });

  describe('while one waits', () => {
    const onTerminal = (more: Partial<World> = {}): { written: () => string; world: Partial<World> } => {
      let text = '';
      const write = (part: string): number => (text += part).length;
      return {
        written: () => text.replaceAll('\r\u001b[K', '<clear>'),
        world: { stderr: { isTTY: true, write }, ...more },
      };
    };
    const login = ['auth', 'login', '--no-browser'];
    const env = (): Record<string, string> => ({ NMP_BASE_URL: line.platform.url });

    it('turns a spinner on a terminal, which is gone when something is said', async () => {
      line.allowDeviceLogin();
      const { written, world } = onTerminal({ env: env() });
      const { exitCode, stdout } = await line.run(login, world);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
      expect(written()).toMatch(/<clear>. Waiting for the sign-in<clear>(?!.*Waiting)/);
      expect(written()).toMatch(/<clear>Signed in to /);
    });

    it.each<[string, Partial<World>, Record<string, string>]>([
      ['elsewhere', { stderr: { isTTY: false, write: () => true } }, {}],
      ['on a terminal that cannot move', {}, { TERM: 'dumb' }],
      ['where nobody looks', {}, { CI: 'true' }],
      ['where plain text is wanted', {}, { NO_COLOR: '1' }],
    ])('turns none %s', async (_, more, variables) => {
      line.allowDeviceLogin();
      const ticks: (() => void)[] = [];
      const everyTick = (tick: () => void) => {
        ticks.push(tick);
        return () => undefined;
      };
      const { written, world } = onTerminal({ env: { ...env(), ...variables }, everyTick, ...more });
      expect((await line.run(login, world)).exitCode).toBe(0);
      expect(ticks).toEqual([]);
      expect(written()).not.toMatch(/\r|<clear>/);
    });

    it('has no colours, and none are used where the context wants none', async () => {
      line.allowDeviceLogin();
      const { written, world } = onTerminal({ env: { ...env(), NMP_COLOR_OUTPUT: 'false' } });
      await line.run(login, world);
      // eslint-disable-next-line no-control-regex -- colours are what it looks for
      expect(written()).not.toMatch(/\u001b\[\d+m/);
      expect(written()).toContain('Waiting for the sign-in');
    });

    it('is gone on Ctrl-C', async () => {
      line.allowDeviceLogin();
      const controller = new AbortController();
      line.idp.http.on('POST /token', () => {
        controller.abort(new Interruption(130));
        return line.idp.error('authorization_pending');
      });
      const { written, world } = onTerminal({ env: env(), signal: controller.signal });
      expect((await line.run(login, world)).exitCode).toBe(130);
      expect(written()).toMatch(/<clear>Interrupted\.\n$/);
    });

    it('names a server that is slow, once it is', async () => {
      const ticks = new Set<() => void>();
      const everyTick = (tick: () => void) => {
        ticks.add(tick);
        return () => void ticks.delete(tick);
      };
      line.platform.http.on('GET /apis/auth/v2/whoami', () => {
        for (let count = 0; count < 9; count += 1) for (const tick of ticks) tick();
        return { json: { principal: { kind: 'user', id: 'alice-id' }, scopes: [] } };
      });
      const { written, world } = onTerminal({ everyTick });
      expect((await line.run(['auth', 'whoami'], world)).exitCode).toBe(0);
      expect(written()).toBe(`<clear>⠏ Waiting for ${new URL(line.platform.url).host}<clear>`);
      expect(ticks.size).toBe(0);
    });
  });
});
