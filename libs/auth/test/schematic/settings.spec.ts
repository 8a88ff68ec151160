import { describe, expect, it } from '@jest/globals';
import { added, nestApp } from './nest-app.js';

const answering =
  (issuer: string): typeof fetch =>
  () =>
    Promise.resolve(Response.json({ issuer }));
const idp = 'https://login.example.com';

describe('the settings', () => {
  it('are left to the environment while nobody knows them', async () => {
    const { files, warnings } = await added(nestApp());
    expect(files['.env.example']).toBe(`# The identity provider: "issuer" of its discovery document
AUTH_ISSUER=
# The client that people sign in with
AUTH_CLIENT_ID=models
`);
    expect(warnings).toEqual([expect.stringContaining('set AUTH_ISSUER and AUTH_CLIENT_ID, as in .env.example')]);
  });

  it('are in the program when they are said, and the environment can say something else', async () => {
    const { files, warnings } = await added(
      nestApp(),
      { issuer: idp, audience: 'api://models' },
      { fetch: answering(idp) },
    );
    expect(files['src/app.module.ts']).toContain(`
          issuer: process.env.AUTH_ISSUER ?? 'https://login.example.com',
          clientId: process.env.AUTH_CLIENT_ID ?? 'models',
          audience: process.env.AUTH_AUDIENCE ?? 'api://models',
`);
    expect(files['.env.example']).toContain('AUTH_ISSUER=https://login.example.com\n');
    expect(warnings).toEqual([]);
  });

  it('have the names that the application has for them', async () => {
    const example = 'PORT=3000\nOIDC_ISSUER_URL=https://login.example.com\nOIDC_AUDIENCE=models\n';
    const { files, warnings } = await added(nestApp({ '.env.sample': example }), {}, { fetch: answering(idp) });
    expect(files['.env.sample']).toBe(`${example}\n# The client that people sign in with\nOIDC_CLIENT_ID=models\n`);
    expect(files['src/app.module.ts']).toContain('issuer: process.env.OIDC_ISSUER_URL,');
    expect(files['src/app.module.ts']).toContain('audience: process.env.OIDC_AUDIENCE,');
    expect(files['.env.example']).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it.each([
    ['imports: [ConfigModule.forRoot({ isGlobal: true })]', 'inject: [ConfigService],', 'imports: [ConfigModule],'],
    ['imports: [ConfigModule.forRoot()]', 'imports: [ConfigModule],\n    inject: [ConfigService],', 'getOrThrow'],
  ])('come from ConfigService where the root module has %s', async (imports, expected, unexpected) => {
    const { files } = await added(
      nestApp({
        'package.json': nestApp()['package.json']?.replace('"rxjs"', '"@nestjs/config": "^4.0.0",\n    "rxjs"'),
        'src/app.module.ts': `import { ConfigModule } from '@nestjs/config';\n@Module({ ${imports} })\nexport class AppModule {}\n`,
      }),
      { issuer: idp, check: false },
    );
    const text = files['src/app.module.ts'];
    expect(text).toContain("import { ConfigModule, ConfigService } from '@nestjs/config';");
    expect(text).toContain("issuer: config.get<string>('AUTH_ISSUER'),");
    expect(text).toContain(expected);
    expect(text).not.toContain(unexpected);
  });

  it('are read as strict compilers want it', async () => {
    const { files } = await added(
      nestApp({
        'tsconfig.json': '{ "extends": "./tsconfig.base.json" }',
        'tsconfig.base.json': `{ "compilerOptions": {
          // strict
          "exactOptionalPropertyTypes": true, "noPropertyAccessFromIndexSignature": true } }`,
      }),
    );
    expect(files['src/app.module.ts']).toContain("issuer: process.env['AUTH_ISSUER'] ?? '',");
  });

  it.each([
    [{ issuer: 'login.example.com' }, '--issuer'],
    [{ issuer: "https://login.example.com/'" }, '--issuer'],
    [{ clientId: 'a\nEVIL=1' }, '--client-id'],
    [{ audience: 'two words' }, '--audience'],
  ])('%j are refused', async (options, flag) => {
    await expect(added(nestApp(), options)).rejects.toThrow(flag);
  });
});

describe('the issuer', () => {
  it.each([
    ['another slash, which is put right', `${idp}/`, 'that is used', `'${idp}/'`],
    ['another name, which is told', 'https://other.example', 'no other will be accepted', `'${idp}'`],
  ])('has %s', async (_what, name, warning, written) => {
    const { files, warnings } = await added(nestApp(), { issuer: idp }, { fetch: answering(name) });
    expect(warnings).toEqual([expect.stringContaining(`calls itself ${name}`)]);
    expect(warnings[0]).toContain(warning);
    expect(files['src/app.module.ts']).toContain(`process.env.AUTH_ISSUER ?? ${written}`);
  });

  it.each<[string, typeof fetch]>([
    ['no network', () => Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }))],
    ['no document', () => Promise.resolve(new Response('', { status: 404 }))],
    ['no JSON', () => Promise.resolve(new Response('<html>'))],
    ['no issuer in it', () => Promise.resolve(Response.json({}))],
  ])('need not be reached: %s', async (_what, fetch) => {
    const { files, warnings } = await added(nestApp(), { issuer: idp }, { fetch });
    expect(warnings).toEqual([expect.stringContaining('The issuer has not been checked')]);
    expect(files['src/app.module.ts']).toContain(`?? '${idp}'`);
  });

  it('is not asked when that is not wanted', async () => {
    const { warnings } = await added(nestApp(), { issuer: idp, check: false });
    expect(warnings).toEqual([]);
  });
});
