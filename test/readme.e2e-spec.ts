import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestIssuer } from '@nmp/auth/testing';
import { codeBlocks, localLinks } from './support/markdown-blocks.js';
import { freePort, QuickstartProcess } from './support/quickstart-process.js';
import { TypescriptBlock } from './support/typescript-block.js';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
// A missing page is a dead link of README.md.
const packagePages = readdirSync(join(root, 'libs'))
  .map((name) => `libs/${name}/README.md`)
  .filter((page) => existsSync(join(root, page)));

describe('README.md', () => {
  let quickstart: QuickstartProcess;

  beforeAll(async () => {
    quickstart = await QuickstartProcess.start();
    await quickstart.ready();
  });

  afterAll(async () => {
    await quickstart.end();
    quickstart.remove();
  });

  /** What each shell block must do; a block that is not here fails the test. */
  const shellChecks: Record<string, (text: string) => Promise<void>> = {
    // Running already, on other ports.
    'npm run quickstart': async () => expect(quickstart.output).toContain('Ready in'),

    'npx --no-install nemo auth login': async (text) => {
      const output = await shell(text);
      expect(output).toContain('Signed in to');
      expect(output).toContain('alice@example.com');
      expect(output).toContain('first-light');
    },

    'TOKEN=$(npx --no-install nemo auth token)': async (text) => {
      const output = await shell(text.replaceAll('localhost:8080', `localhost:${quickstart.port}`));
      expect(output).toContain('"auth_enabled":true');
      expect(output).toContain('"first-light"');
      expect(output).toMatch(/401 Unauthorized/);
      expect(output).toMatch(/www-authenticate: Bearer/i);
    },

    'npm run quickstart -- --demo': async (text) => {
      const ports = `--port ${await freePort()} --idp-port ${await freePort()}`;
      expect(await shell(`${text.trim()} ${ports}`)).toContain('all 7 steps went as they must');
    },

    'npm run build': async (text) => {
      const output = await shell(`${text.trim()} --pack-destination ${quickstart.directory}`);
      expect(output).toContain('nmp-auth-0.1.0.tgz');
    },

    // These would run this test; that they exist is all that can be checked from inside.
    'npm test': async (text) => {
      const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, object>;
      for (const [, name = ''] of text.matchAll(/^npm (?:run )?(\S+)$/gm)) expect(scripts).toHaveProperty([name]);
    },
  };

  it.each(codeBlocks(readme).filter(({ language }) => language === 'bash'))(
    'has a shell block at line $line that works',
    async ({ text }) => {
      const check = Object.entries(shellChecks).findLast(([start]) => text.startsWith(start))?.[1];
      expect(check).toBeDefined();
      await check?.(text);
    },
  );

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

  it('has code in no other language', () => {
    expect(new Set(codeBlocks(readme).map(({ language }) => language))).toEqual(new Set(['bash', 'ts']));
  });

  /** Runs a block as a reader would, with a configuration file of its own. */
  async function shell(text: string): Promise<string> {
    const env = {
      ...process.env,
      NMP_CONFIG_FILE: join(quickstart.directory, 'cli.yaml'),
      NMP_BASE_URL: quickstart.platformUrl,
    };
    const child = spawn('bash', ['-euo', 'pipefail', '-c', text], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part) => (output += part));
    const [code] = (await once(child, 'close')) as [number | null]; // the event's arguments
    if (code !== 0) throw new Error(`exit code ${code}: ${text}\n${output}`);
    return output;
  }
});

describe('the pages of the packages', () => {
  const blocks = packagePages.flatMap((page) =>
    codeBlocks(readFileSync(join(root, page), 'utf8'))
      .filter(({ language }) => language === 'ts')
      .map(({ line, text }) => ({ page, line, text })),
  );

  it.each(blocks)('$page has code at line $line that compiles', ({ text }) => {
    const compiled = TypescriptBlock.compile(text);
    compiled.remove();
    expect(compiled.problems).toEqual([]);
  });
});

describe('links', () => {
  it.each([...documents, ...packagePages])('of %s lead somewhere', (page) => {
    const missing = localLinks(readFileSync(join(root, page), 'utf8')).filter(
      (target) => !existsSync(join(root, dirname(page), target)),
    );
    expect(missing).toEqual([]);
  });
});

async function untilAnswering(url: string, app: { exitCode: number | null }): Promise<void> {
  for (;;) {
    if (app.exitCode !== null) throw new Error(`The application ended with exit code ${app.exitCode}`);
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
