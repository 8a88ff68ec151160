import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../scripts/process/root.mjs';
import { freePort } from '../../scripts/quickstart/ports.mjs';

const copied = ['config', 'dist', 'docs', 'libs', 'policy', 'scripts', 'src'];
const files = ['.npmrc', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
const controller = 'src/health/health.controller.ts';
const library = 'libs/auth/src/index.ts';

/**
 * Changes sources below a running `npm run dev`, in a copy of the repository, and looks at what the platform does then.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally }} given
 */
export async function watchSuite({ tally }) {
  console.log('\nWatch mode');
  const directory = copyOfRepository();
  const dev = await start(directory);
  const edit = (file, change) => {
    const path = join(directory, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  };
  const says = (from, to) => (text) => text.replaceAll(`{ status: '${from}' }`, `{ status: '${to}' }`);
  try {
    await tally.run('the stack starts', () => dev.prints(/Watching src and libs/));

    await tally.run(
      'a change of the service is built, and served by a new process, with the time it took',
      async () => {
        edit(controller, says('ok', 'changed'));
        await dev.prints(/^rebuilt platform, restarted the platform in \d+\.\d s$/m);
        await dev.answers('changed');
      },
    );

    await tally.run('what does not compile is shown, and the service goes on', async () => {
      edit(controller, (text) => `${text}const = ;\n`);
      await dev.prints(
        /error: platform does not compile\n.*health\.controller\.ts.* error TS[^]*Waiting for the next change/,
      );
      await dev.answers('changed');
    });

    await tally.run('once it is mended, the service is a new one', async () => {
      edit(controller, (text) => says('changed', 'mended')(text.replace('const = ;\n', '')));
      await dev.prints(/^rebuilt platform, restarted the platform in \d+\.\d s$/m);
      await dev.answers('mended');
    });

    await tally.run('a change of a library is built with all that is made of it', async () => {
      edit(library, (text) => `${text}export const changed = true;\n`);
      await dev.prints(/^rebuilt @nmp\/auth, platform, restarted the platform in \d+\.\d s$/m);
      await dev.answers('mended');
    });

    await tally.run('Ctrl-C ends all', async () => {
      await dev.end();
      const answer = await fetch(dev.url).catch(() => undefined);
      if (answer !== undefined) throw new Error('the platform still answers');
    });
  } finally {
    await dev.end().catch(() => {});
    rmSync(directory, { recursive: true, force: true });
  }
}

/** With links to the packages that are installed, but for the project's own. */
function copyOfRepository() {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-watch-'));
  const filter = (path) => !path.endsWith('node_modules');
  for (const name of copied) cpSync(join(root, name), join(directory, name), { recursive: true, filter });
  for (const name of files) cpSync(join(root, name), join(directory, name));
  link('node_modules', directory);
  for (const name of readdirSync(join(root, 'libs'))) link(join('libs', name, 'node_modules'), directory);
  mkdirSync(join(directory, 'node_modules', '@nmp'));
  for (const name of readdirSync(join(directory, 'libs'))) {
    symlinkSync(join('..', '..', 'libs', name), join(directory, 'node_modules', '@nmp', name));
  }
  return directory;
}

function link(modules, directory) {
  let names;
  try {
    names = readdirSync(join(root, modules));
  } catch {
    return; // a package without any of its own
  }
  mkdirSync(join(directory, modules));
  for (const name of names.filter((entry) => entry !== '@nmp' && entry !== '.cache')) {
    symlinkSync(join(root, modules, name), join(directory, modules, name));
  }
}

async function start(directory) {
  const port = await freePort();
  const args = ['scripts/quickstart.mjs', '--watch', '--port', String(port), '--idp-port', String(await freePort())];
  const env = { ...process.env, NMP_SKIP_INSTALL: '1' };
  const child = spawn(process.execPath, args, { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = once(child, 'close');
  const url = `http://localhost:${port}/health/live`;
  return {
    url,
    /** Waits until it is said; what was said up to then is over. */
    async prints(pattern) {
      for (;;) {
        const found = pattern.exec(said);
        if (found) {
          said = said.slice(found.index + found[0].length);
          return;
        }
        if (child.exitCode !== null) throw new Error(`it ended with exit code ${child.exitCode}: ${said}`);
        await sleep(100);
      }
    },
    async answers(status) {
      const body = await (await fetch(url)).json();
      if (body.status !== status) throw new Error(`the platform says ${JSON.stringify(body)}`);
    },
    async end() {
      child.kill('SIGINT');
      const [code] = await ended;
      if (code !== 0) throw new Error(`exit code ${code}: ${said}`);
    },
  };
}
