import { describe, expect, it } from '@jest/globals';
import { added, nestApp } from './nest-app.js';

/** The root module after the schematic, of one that is given from `@Module` on. */
async function wired(text: string, others: Record<string, string | undefined> = {}): Promise<string> {
  const files = nestApp({ 'src/app.module.ts': text, ...others });
  return (await added(files)).files['src/app.module.ts'] ?? '';
}

const wiring = `AuthModule.forRootAsync({
      useFactory: () => ({
        oidc: {
          issuer: process.env.AUTH_ISSUER,
          clientId: process.env.AUTH_CLIENT_ID,
        },
      }),
    }),`;

describe('the root module', () => {
  it('imports AuthModule, below the packages and behind what it imports already', async () => {
    const { files } = await added(nestApp());
    expect(files['src/app.module.ts']).toBe(`import { Module } from '@nestjs/common';
import { AuthModule } from '@nmp/auth';
import { ModelsModule } from './models.module';

@Module({
  imports: [
    ModelsModule,
    ${wiring}
  ],
})
export class AppModule {}
`);
  });

  it.each([
    ['@Module({ imports: [] })', '@Module({ imports: [\n  WIRED,\n] })'],
    ['@Module({\n  controllers: [X],\n})', '@Module({\n  imports: [\n    WIRED,\n  ],\n  controllers: [X],\n})'],
    ['@Module({ controllers: [X] })', '@Module({ imports: [\n    WIRED,\n  ], controllers: [X] })'],
    ['@Module({})', '@Module({\n  imports: [\n    WIRED,\n  ],\n})'],
    ['@Module({ imports })', '@Module({ imports: [\n  ...imports,\n  WIRED,\n] })'],
    ['@Module({ imports: parts })', '@Module({ imports: [\n  ...parts,\n  WIRED,\n] })'],
    ['@Module({ imports: dev ? [A] : [B] })', '@Module({ imports: [\n  ...(dev ? [A] : [B]),\n  WIRED,\n] })'],
    ['@Module({ imports: [A, B] })', '@Module({ imports: [\n  A,\n  B,\n  WIRED,\n] })'],
    ["@Module({ imports: [A.at('http://a')] })", "@Module({ imports: [\n  A.at('http://a'),\n  WIRED,\n] })"],
    ['@Module({ imports: [A /* a */] })', '@Module({ imports: [A /* a */,\nWIRED] })'],
    [
      '@Module({\n  imports: [\n    A, // a\n    B // b\n  ],\n})',
      '@Module({\n  imports: [\n    A, // a\n    B, // b\n    WIRED,\n  ],\n})',
    ],
    ['@Module({\n  imports: [A,\n    B],\n})', '@Module({\n  imports: [A,\n    B,\n    WIRED],\n})'],
  ])('has it beside what it had: %j', async (before, after) => {
    const text = await wired(`import { Module } from '@nestjs/common';\n${before}\nexport class AppModule {}\n`);
    expect(text.replace(/AuthModule\.forRootAsync\(\{.*?\}\),\s*\}\)/s, 'WIRED')).toBe(
      `import { Module } from '@nestjs/common';\nimport { AuthModule } from '@nmp/auth';\n${after}\nexport class AppModule {}\n`,
    );
  });

  it('is written as the application is', async () => {
    const text =
      'import { Module } from "@nestjs/common"\n\n@Module({\n\timports: [],\n})\nexport class AppModule {}\n';
    expect(await wired(text.replaceAll('\n', '\r\n'))).toBe(
      `import { Module } from "@nestjs/common"
import { AuthModule } from "@nmp/auth"

@Module({
	imports: [
		AuthModule.forRootAsync({
			useFactory: () => ({
				oidc: {
					issuer: process.env.AUTH_ISSUER,
					clientId: process.env.AUTH_CLIENT_ID,
				},
			}),
		}),
	],
})
export class AppModule {}
`.replaceAll('\n', '\r\n'),
    );
  });

  it('keeps an AuthModule of its own', async () => {
    const text =
      "import { AuthModule } from './auth';\n@Module({ imports: [AuthModule] })\nexport class AppModule {}\n";
    const result = await wired(text);
    expect(result).toContain("import { AuthModule as NmpAuthModule } from '@nmp/auth';");
    expect(result).toContain('  AuthModule,\n  NmpAuthModule.forRootAsync({');
  });

  it('is what the entry file hands to Nest, wherever that is', async () => {
    const { changed } = await added(
      nestApp({
        'src/main.ts':
          "import { Root as App } from './root/root.js';\nawait NestFactory.createApplicationContext(App);\n",
        'src/root/root.ts': '@Module({})\nclass Other {}\n@Module({})\nexport class Root {}\n',
      }),
    );
    expect(changed).toContain('src/root/root.ts');
    expect(changed).not.toContain('src/app.module.ts');
  });

  it('is the one beside the entry file when that does not say it', async () => {
    expect((await added(nestApp({ 'src/main.ts': 'await start();\n' }))).changed).toContain('src/app.module.ts');
  });

  it.each([
    ['there is no Nest application', { 'package.json': '{}' }, {}, 'There is no Nest application here'],
    ['Nest is too old', { 'package.json': '{"dependencies":{"@nestjs/core":"^10.4.0"}}' }, {}, 'Nest 11 and 12'],
    ['it is JavaScript', { 'nest-cli.json': '{"language":"js"}' }, {}, 'written in JavaScript'],
    [
      'nobody says where it is',
      { 'src/main.ts': '', 'src/app.module.ts': undefined, 'src/models.module.ts': undefined },
      {},
      'No root module: src/main.ts hands none',
    ],
    ['it is not where it is said to be', {}, { module: 'src/x.module.ts' }, 'src/x.module.ts is not there'],
    ['it has no module', { 'src/app.module.ts': 'export class AppModule {}' }, {}, 'has no class with @Module()'],
    ['it is not given by an object', { 'src/app.module.ts': '@Module(all)\nclass AppModule {}' }, {}, 'by hand'],
    ['it is broken', { 'src/app.module.ts': '@Module({\nclass AppModule {}' }, {}, 'src/app.module.ts:2:'],
  ])('is left alone when %s', async (_what, others, options, message) => {
    await expect(added(nestApp(others), options)).rejects.toThrow(message);
  });

  it.each(['@Module({ ...metadata })', '@Module({ imports: [A], ...metadata })'])(
    'is left to a person where it is made of another object: %s',
    async (decorator) => {
      await expect(
        wired(`import { Module } from '@nestjs/common';\n${decorator}\nexport class AppModule {}\n`),
      ).rejects.toThrow('spreads another object: add AuthModule to its imports by hand');
    },
  );
});
