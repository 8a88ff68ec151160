import { describe, expect, it } from '@jest/globals';
import { added, nestApp } from './nest-app.js';

const monorepo = nestApp({
  'nest-cli.json': JSON.stringify({
    monorepo: true,
    root: 'apps/web',
    sourceRoot: 'apps/web/src',
    projects: {
      web: { type: 'application', root: 'apps/web', entryFile: 'main', sourceRoot: 'apps/web/src' },
      jobs: { type: 'application', root: 'apps/jobs', entryFile: 'start', sourceRoot: 'apps/jobs/src' },
      shared: { type: 'library', root: 'libs/shared', entryFile: 'index', sourceRoot: 'libs/shared/src' },
    },
  }),
  'apps/web/src/main.ts': "import { WebModule } from './web.module';\nawait NestFactory.create(WebModule);\n",
  'apps/web/src/web.module.ts': '@Module({})\nexport class WebModule {}\n',
  'apps/jobs/src/start.ts': "import { JobsModule } from './jobs.module';\nawait NestFactory.create(JobsModule);\n",
  'apps/jobs/src/jobs.module.ts': '@Module({})\nexport class JobsModule {}\n',
});

describe('a workspace with several applications', () => {
  it.each([
    ['the default one', {}, 'web'],
    ['the one that is named', { project: 'jobs', sourceRoot: 'apps/jobs/src' }, 'jobs'],
    ['the one that was chosen in the dialogue of Nest', { sourceRoot: 'apps/jobs/src' }, 'jobs'],
  ])('has %s guarded', async (_which, options, name) => {
    const { changed, files } = await added(monorepo, options);
    expect(changed).toEqual([
      '.env.example',
      `apps/${name}/src/${name}.module.ts`,
      `apps/${name}/test/auth.e2e-spec.ts`,
      'package.json',
    ]);
    expect(files[`apps/${name}/test/auth.e2e-spec.ts`]).toContain(`from '../src/${name}.module'`);
    expect(files['.env.example']).toContain(`AUTH_CLIENT_ID=${name}\n`);
  });

  it.each(['shared', 'other'])('has no application "%s"', async (project) => {
    await expect(added(monorepo, { project })).rejects.toThrow(`no application "${project}"; there are: web, jobs`);
  });
});

describe('a second run', () => {
  it('changes nothing, and says so', async () => {
    const first = await added(nestApp());
    const second = await added(first.files);
    expect(second.changed).toEqual([]);
    expect(second.tasks).toEqual([]);
    expect(second.said).toEqual(['src/app.module.ts imports AuthModule already: nothing to do.']);
  });

  it.each([
    ['a comment', 'src/notes.ts', "// import { AuthModule } from '@nmp/auth'; AuthModule.forRoot()\n"],
    ['a type', 'src/notes.ts', "import { type AuthModule } from '@nmp/auth';\nexport type Auth = AuthModule;\n"],
    ['a feature', 'src/notes.ts', "import { AuthModule } from '@nmp/auth';\nexport const parts = [AuthModule];\n"],
    ['a test', 'src/a.spec.ts', "import { AuthModule } from '@nmp/auth';\nAuthModule.forRoot({});\n"],
  ])('is none where only %s names AuthModule', async (_, path, text) => {
    const { files } = await added(nestApp({ [path]: text }));
    expect(files['src/app.module.ts']).toContain('AuthModule.forRootAsync(');
  });

  it('sees AuthModule wherever it is configured', async () => {
    const text =
      "import { Public, AuthModule as Auth } from '@nmp/auth';\n@Module({ imports: [Auth.forRoot({})] })\nclass Access {}\n";
    expect((await added(nestApp({ 'src/access/access.module.ts': text }))).changed).toEqual([]);
  });
});

describe('package.json', () => {
  it('names what is needed, in the version of the application, and nothing else is others than before', async () => {
    const { files, tasks } = await added(nestApp());
    const before = nestApp()['package.json'] ?? '';
    expect(files['package.json']).toBe(
      before
        .replace('    "@nestjs/platform-express"', '    "@nestjs/passport": "^11.0.2",\n    "@nestjs/platform-express"')
        .replace('    "reflect-metadata"', '    "@nmp/auth": "^0.1.0",\n    "reflect-metadata"'),
    );
    expect(tasks).toEqual([{ name: 'node-package', options: expect.objectContaining({ packageManager: 'npm' }) }]);
  });

  it.each([
    ['pnpm-lock.yaml', 'pnpm'],
    ['yarn.lock', 'yarn'],
    ['bun.lock', 'bun'],
  ])('is installed by the program of %s', async (lock, packageManager) => {
    const { tasks } = await added(nestApp({ [lock]: '' }));
    expect(tasks).toEqual([{ name: 'node-package', options: expect.objectContaining({ packageManager }) }]);
  });

  it('is not installed when that is not wanted, nor when nothing is missing', async () => {
    expect((await added(nestApp(), { skipInstall: true })).tasks).toEqual([]);
    const { files } = await added(nestApp());
    expect((await added(nestApp({ 'package.json': files['package.json'] }))).tasks).toEqual([]);
  });

  it('gets the tools of the test that it lacks', async () => {
    const text = '{\n\t"dependencies": { "@nestjs/core": "^12.1.0" },\n\t"devDependencies": {},\n\t"jest": {}\n}\n';
    const { files } = await added(nestApp({ 'package.json': text.replace('{}', '{ "jest": "^30.0.0" }') }));
    expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({
      dependencies: { '@nestjs/passport': '^12.0.0', '@nestjs/common': '^12.0.0' },
      devDependencies: { '@nestjs/testing': '^12.1.0', supertest: '^7.0.0', '@types/supertest': '^7.0.0' },
    });
  });
});

describe('guards that are there already', () => {
  it.each([
    ['src/app.module.ts', '{ provide: APP_GUARD, useClass: RolesGuard }', 'APP_GUARD'],
    ['src/main.ts', 'app.useGlobalGuards(new KeyGuard());', 'useGlobalGuards'],
    ['src/models.controller.ts', "@UseGuards(AuthGuard('jwt'))", '@nestjs/passport'],
  ])('are told: %s', async (path, text, what) => {
    const { warnings } = await added(nestApp({ [path]: `${nestApp()[path] ?? ''}\n// ${text}\n` }));
    expect(warnings).toContainEqual(expect.stringMatching(new RegExp(`^${path} has .*${what}.*goes on deciding`)));
  });
});
