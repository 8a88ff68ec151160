import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestIssuer } from '@nmp/auth/testing';
import { loadConfig } from '../src/config/load-config.js';
import { freePort } from './support/free-port.js';
import { codeBlocks } from './support/markdown-blocks.js';
import { readme, readmeBlock } from './support/readme-page.js';
import { TypescriptBlock } from './support/typescript-block.js';
import { untilAnswering } from './support/until-answering.js';

const root = join(import.meta.dirname, '..');

/** What its shell blocks do is tried by the suite `guides`. */
describe('README.md', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'nmp-readme-'));
  });

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('names scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, object>;
    const shells = codeBlocks(readme).filter(({ language }) => language === 'bash');
    const names = shells.flatMap(({ text }) =>
      [...text.matchAll(/^npm (?:run )?([a-z][\w:-]*)/gm)].map(([, name = '']) => name),
    );
    expect(
      names
        .filter((name) => !['install', 'init', 'pack', 'pkg'].includes(name))
        .filter((name) => !Object.hasOwn(scripts ?? {}, name)),
    ).toEqual([]);
  });

  it('has an application of at most 20 lines that guards its route', async () => {
    const block = codeBlocks(readme).find(({ language }) => language === 'ts');
    expect(block?.text.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(20);
    const issuer = await TestIssuer.start({ clientId: 'nmp-cli', audience: 'nmp-platform' });
    const compiled = TypescriptBlock.compile(block?.text ?? '');
    const port = await freePort();
    const env = { ...process.env, OIDC_ISSUER: issuer.issuer, PORT: String(port) };
    const app = spawn(process.execPath, [compiled.file], { cwd: root, env, stdio: 'ignore' });
    try {
      expect(compiled.problems).toEqual([]);
      const url = `http://localhost:${port}/models`;
      await untilAnswering(url, app);

      expect((await fetch(url)).status).toBe(401);
      const token = await issuer.accessToken({ email: 'alice@example.com', scope: 'models:read' });
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      expect(await answer.json()).toEqual({ owner: 'alice@example.com', models: [] });
      const other = await issuer.accessToken({ scope: 'models:write' });
      expect((await fetch(url, { headers: { authorization: `Bearer ${other}` } })).status).toBe(403);
    } finally {
      app.kill();
      compiled.remove();
      await issuer.close();
    }
  });

  it('has settings that the platform takes as they stand', () => {
    const { auth } = loadConfig({ NMP_CONFIG_FILE_PATH: saved('settings.yaml', readmeBlock('yaml')) });
    expect(auth).toMatchObject({
      adminEmail: 'you@example.com',
      oidc: { issuer: 'https://idp.example.com', clientId: 'nmp-cli', audience: 'nmp-platform' },
    });
  });

  it('names variables that the platform knows', () => {
    const names = [...readme.matchAll(/`(NMP_AUTH_\w+)`/g)].map(([, name = '']) => name);
    const values = { issuer: 'https://idp.example.com', email: 'you@example.com' };
    const valueOf = (name: string): string =>
      name.endsWith('EMAIL') ? values.email : name.endsWith('ISSUER') ? values.issuer : 'a-name';
    const environment = Object.fromEntries(names.map((name) => [name, valueOf(name)]));
    const settings = saved('settings.yaml', readmeBlock('yaml'));
    expect(names.length).toBeGreaterThanOrEqual(4);
    expect(loadConfig({ NMP_CONFIG_FILE_PATH: settings, ...environment }).auth.oidc?.clientId).toBe('a-name');
  });

  it('has code in no other language', () => {
    expect(new Set(codeBlocks(readme).map(({ language }) => language))).toEqual(new Set(['bash', 'ts', 'yaml']));
    expect(readme).not.toMatch(/\n\n {4}\S/); // an indented block, which is not tried
  });

  function saved(name: string, text: string): string {
    const file = join(directory, name);
    writeFileSync(file, text);
    return file;
  }
});
