import { describe, expect, it } from '@jest/globals';
import { type Added, added, type Files, nestApp } from './nest-app.js';

const issuer = 'https://login.example.com';
const ownTest = "import { AppModule } from './../src/app.module';\nit('lists models', () => undefined);\n";

/** The same application with other packages. */
function withPackages(change: (manifest: string) => string, others: Record<string, string | undefined> = {}): Files {
  const files = nestApp();
  return nestApp({ 'package.json': change(files['package.json'] ?? ''), ...others });
}

function testOf({ files }: Added): string {
  return files['test/auth.e2e-spec.ts'] ?? '';
}

describe('the e2e test', () => {
  it('is a new one where the application has tests of its own, which are named', async () => {
    const result = await added(nestApp({ 'test/models.e2e-spec.ts': ownTest }), { issuer, check: false });
    expect(testOf(result)).toContain("import { AppModule } from '../src/app.module';");
    expect(testOf(result)).toContain('      .useFactory(authTestingConfig())\n');
    expect(testOf(result)).toContain('    app = moduleFixture.createNestApplication();\n');
    expect(result.files['test/models.e2e-spec.ts']).toBe(ownTest);
    expect(result.warnings).toEqual([expect.stringContaining('test/models.e2e-spec.ts calls without a token')]);
  });

  it('knows an issuer while the application knows none', async () => {
    expect(testOf(await added(nestApp()))).toContain(`.useFactory(authTestingConfig({
        oidc: { issuer: 'https://issuer.example', clientId: 'test-client' },
      }))`);
  });

  it('speaks Fastify where the application does', async () => {
    const start =
      "import { AppModule } from './app.module';\nawait NestFactory.create(AppModule, new FastifyAdapter());\n";
    const text = testOf(await added(nestApp({ 'src/main.ts': start })));
    expect(text).toContain('createNestApplication<NestFastifyApplication>(new FastifyAdapter());');
    expect(text).toContain('await app.getHttpAdapter().getInstance().ready();');
    expect(text).not.toContain('INestApplication');
  });

  it.each([
    ['Jest without its types', (text: string) => text.replace('"@types/jest"', '"@types/other"'), '@jest/globals'],
    ['Vitest', (text: string) => text.replace('"jest"', '"vitest"'), 'vitest'],
  ])('imports what %s does not make global', async (_what, change, target) => {
    const result = await added(withPackages(change));
    expect(testOf(result)).toContain(`import { afterAll, beforeAll, describe, it } from '${target}';`);
  });

  it('imports nothing that Vitest makes global', async () => {
    const tsconfig = '{ "compilerOptions": { "types": ["vitest/globals", "node"] } }';
    const files = withPackages((text) => text.replace('"jest"', '"vitest"'), { 'tsconfig.json': tsconfig });
    expect(testOf(await added(files))).not.toContain('vitest');
  });

  it('imports the root module as the application imports its files', async () => {
    const text = nestApp()['src/app.module.ts']?.replace('./models.module', './models.module.js');
    const result = await added(nestApp({ 'src/app.module.ts': text }));
    expect(testOf(result)).toContain("import { AppModule } from '../src/app.module.js';");
  });

  it('imports supertest, and is called, as the tests that are there', async () => {
    const other = "import * as request from 'supertest';\n";
    const { files } = await added(nestApp({ 'test/models.e2e-test.ts': other, 'test/auth.e2e-test.ts': other }));
    expect(files['test/auth.e2e-test.ts']).toBe(other);
    expect(files['test/auth-module.e2e-test.ts']).toContain("import * as request from 'supertest';");
  });

  it('is not written where there is nothing to run it', async () => {
    const { changed, warnings } = await added(withPackages((text) => text.replace('"jest"', '"other"')));
    expect(changed).toEqual(['.env.example', 'package.json', 'src/app.module.ts']);
    expect(warnings).toContain('No Jest and no Vitest in package.json: no test has been written.');
  });
});
