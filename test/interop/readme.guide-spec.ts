import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.js';
import { codeBlocks } from '../support/markdown-blocks.js';
import { PlatformProcess } from '../support/platform-process.js';
import { freePort } from '../support/free-port.js';
import { QuickstartProcess } from '../support/quickstart-process.js';
import { readme, readmeBlock } from '../support/readme-page.js';
import { untilAnswering } from '../support/until-answering.js';

const root = join(import.meta.dirname, '..', '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
/** The quickstart may have to build everything first. */
const hookTimeoutMs = 600_000;

describe('README.md', () => {
  let quickstart: QuickstartProcess;
  let application: string;
  let applicationPort: number;
  let modelsApi: ChildProcess | undefined;
  let ownPlatform: PlatformProcess | undefined;

  beforeAll(async () => {
    quickstart = await QuickstartProcess.start();
    await quickstart.ready();
    application = join(quickstart.directory, 'models-api');
    applicationPort = await freePort();
  }, hookTimeoutMs);

  afterAll(async () => {
    modelsApi?.kill();
    await ownPlatform?.stop('SIGTERM');
    await quickstart.end();
    quickstart.remove();
  });

  /** What each shell block must do; a block that is not here fails the test. */
  const shellChecks: Record<string, (text: string) => Promise<void>> = {
    // Running already, on other ports.
    'npm run quickstart': async () => expect(quickstart.output).toContain('Ready in'),

    'echo alice-password | npx --no-install nemo auth login': async (text) => {
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

    'TOKEN=$(npx --no-install nemo auth token)\ncurl -s -H "Authorization: Bearer $TOKEN" -H "Content-Type': async (
      text,
    ) => {
      const output = await shell(text.replaceAll('localhost:8080', `localhost:${quickstart.port}`));
      const member: unknown = JSON.parse(output.slice(output.indexOf('{'))); // npm may have warned before
      expect(member).toMatchObject({ principal: 'group:team-ml', roles: ['Editor'] });
    },

    'npm run quickstart -- --demo': async (text) => {
      const ports = `--port ${await freePort()} --idp-port ${await freePort()}`;
      expect(await shell(`${text.trim()} ${ports}`)).toContain('all 7 steps went as they must');
    },

    'ANSWER=$(': async (text) => {
      const output = await shell(text.replaceAll('localhost:8081', `localhost:${quickstart.idpPort}`));
      expect(output).toContain('default');
    },

    'cp config/platform.example.yaml': async (text) => {
      const copy = join(quickstart.directory, 'platform.yaml');
      await shell(text.replace('config/platform.yaml', copy));
      expect(loadConfig({ NMP_CONFIG_FILE_PATH: copy }).auth.oidc?.issuer).toBe('https://idp.example.com');
    },

    'npm run build\nnpm start': async (text) => {
      await shell(text.replace('npm start', ''));
      const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, object>;
      expect(scripts).toHaveProperty('start', 'node dist/main.js'); // what PlatformProcess runs
      ownPlatform = new PlatformProcess({
        NMP_CONFIG_FILE_PATH: saved('own-platform.yaml', readmeBlock('yaml')),
        NMP_SERVER_PORT: '0',
        NMP_DATA_DIR: join(quickstart.directory, 'own-platform'),
        NMP_AUTH_OIDC__ISSUER: `http://localhost:${quickstart.idpPort}`,
      });
      expect((await fetch(`${await ownPlatform.ready()}/apis/auth/discovery`)).status).toBe(200);
    },

    'npx --no-install nemo auth login --base-url': async (text) => {
      const credentials = '--username alice@example.com --password alice-password';
      const url = await ownPlatform!.ready(); // started by the block before
      const config = { NMP_CONFIG_FILE: join(quickstart.directory, 'own-cli.yaml') };
      const output = await shell(text.replace('http://localhost:8080', `${url} ${credentials}`), config);
      expect(output).toContain(`Signed in to ${url}`);
    },

    'npm run build\nmkdir': async (text) => {
      const output = await shell(withoutDownloads(text).replaceAll('../models-api', application));
      expect(output).toContain(`nmp-auth-${version}.tgz`);
      for (const name of ['tokens', 'auth'])
        expect(existsSync(join(application, `nmp-${name}-${version}.tgz`))).toBe(true);
      const { type } = JSON.parse(readFileSync(join(application, 'package.json'), 'utf8')) as Record<string, unknown>;
      expect(type).toBe('module');
      const { peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(
        readFileSync(join(root, 'libs/auth/package.json'), 'utf8'),
      ) as Record<string, object>;
      for (const name of Object.keys(peerDependencies).filter((peer) => !Object.hasOwn(peerDependenciesMeta, peer)))
        expect(text).toMatch(new RegExp(`install.* ${name}( |$)`, 'm'));
      symlinkSync(join(root, 'node_modules'), join(application, 'node_modules'));
    },

    'npx tsc app.ts': async (text) => {
      writeFileSync(join(application, 'app.ts'), readmeBlock('ts'));
      expect(text).toMatch(/\nnode app\.js\n$/);
      await shell(`cd ${application}\n${text.replace('node app.js', '')}`);
      const env = {
        ...process.env,
        OIDC_ISSUER: `http://localhost:${quickstart.idpPort}`,
        PORT: String(applicationPort),
      };
      modelsApi = spawn(process.execPath, ['app.js'], { cwd: application, env, stdio: 'ignore' });
      await untilAnswering(`http://localhost:${applicationPort}/models`, modelsApi);
    },

    'TOKEN=$(npx --no-install nemo auth token)\ncurl -s -H "Authorization: Bearer $TOKEN" localhost:3000': async (
      text,
    ) => {
      const output = await shell(text.replaceAll('localhost:3000', `localhost:${applicationPort}`));
      expect(output).toContain('{"owner":"alice@example.com","models":[]}');
      expect(output).toMatch(/401 Unauthorized/);
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

  function saved(name: string, text: string): string {
    const file = join(quickstart.directory, name);
    writeFileSync(file, text);
    return file;
  }

  /** Runs a block as a reader would, with a configuration file of its own. */
  async function shell(text: string, settings: NodeJS.ProcessEnv = {}): Promise<string> {
    const env = {
      ...process.env,
      NMP_CONFIG_FILE: join(quickstart.directory, 'cli.yaml'),
      NMP_BASE_URL: quickstart.platformUrl,
      ...settings,
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

/** Tests reach no registry. That the tarballs can be installed is what the suite of the packages is about. */
function withoutDownloads(text: string): string {
  return text.replaceAll(/^npm install .*$/gm, '');
}
