import { deepEqual, match } from 'node:assert/strict';
import { join } from 'node:path';
import { runNode } from '../process/run-node.mjs';
import { StartedApp } from './started-app.mjs';

/**
 * What must succeed with a new Nest application: `nest add` guards it, as it is and after it has grown, and its own tests,
 * linter and formatter agree.
 *
 * @param {{ linter: readonly string[], packages?: readonly string[], grown: (files: Map<string, string>) => Map<string, string> }} starter
 *   `packages`: what it needs once it has grown
 * @returns {Record<string, (tools: string) => Promise<unknown>>}
 */
export function nestAddSteps({ linter, packages = [], grown }) {
  let app;
  let before;
  return {
    'nest new makes an application': async (tools) => {
      app = new StartedApp(tools);
      await app.create(packages);
      before = app.files();
    },
    'nest add --dry-run changes nothing': async () => {
      match(await app.add('--dry-run'), /CREATE.*\.env\.example/);
      deepEqual(changed(before, app.files()), []);
    },
    'nest add changes its module, its test, package.json and .env.example': async () => {
      match(await app.add(), /set AUTH_ISSUER and AUTH_CLIENT_ID/);
      deepEqual(changed(before, app.files()), [
        '.env.example',
        'package.json',
        'src/app.module.ts',
        'test/app.e2e-spec.ts',
      ]);
    },
    'a second time it changes nothing': async () => {
      const once = app.files();
      match(await app.add(), /imports AuthModule already: nothing to do/);
      deepEqual(changed(once, app.files()), []);
    },
    'it builds, its tests pass, its linter and formatter have nothing to say': async () => {
      await app.install();
      await app.check(linter);
    },
    'it says what is missing when it is started without an issuer': async () => {
      const { code, output } = await runNode(['dist/main.js'], { cwd: app.directory, capture: true });
      match(output, /oidc\.issuer must be set/);
      if (code === 0) throw new Error('It ended as if all were well');
    },
    'the same holds once it has grown, with the commands of docs/installing.md': async () => {
      const later = grown(before);
      app.restore(later);
      await app.follow(join('docs', 'installing.md'));
      deepEqual(changed(later, app.files()), [
        '.env.example',
        'package.json',
        'src/app.module.ts',
        'test/auth.e2e-spec.ts',
      ]);
      await app.check(linter);
    },
  };
}

/** An application whose test is no longer that of the starter. */
export function withOwnTest(files) {
  return new Map([...files].filter(([path]) => path !== 'test/app.e2e-spec.ts'));
}

/** The same, on Fastify and with settings from `@nestjs/config`. */
export function withFastifyAndConfig(files) {
  const change = (path, ...replacements) =>
    replacements.reduce((text, [before, after]) => text.replace(before, after), files.get(path));
  const fastify = "import { FastifyAdapter } from '@nestjs/platform-fastify';\n";
  return withOwnTest(
    new Map([
      ...files,
      ['src/main.ts', change('src/main.ts', ['(AppModule)', '(AppModule, new FastifyAdapter())'], [/^/, fastify])],
      [
        'src/app.module.ts',
        change(
          'src/app.module.ts',
          ['imports: []', 'imports: [ConfigModule.forRoot()]'],
          ["'@nestjs/common';\n", "$&import { ConfigModule } from '@nestjs/config';\n"],
        ),
      ],
    ]),
  );
}

function changed(before, after) {
  return [...after.keys()].filter((path) => after.get(path) !== before.get(path));
}
