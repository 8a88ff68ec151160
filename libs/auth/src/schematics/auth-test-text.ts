import type { TestSetup } from './test-setup.js';

/**
 * An e2e test of the application's own root module: nobody passes without a token, and who has one is known. The route that
 * it calls is its own, so that it holds whatever the application does.
 */
export function authTestText(
  setup: TestSetup,
  { className, override }: { className: string; override: string },
): string {
  const { application, adapter, ready, imports } = platforms[setup.platform];
  return [
    ...(setup.globals === undefined ? [] : [`import { afterAll, beforeAll, describe, it } from '${setup.globals}';`]),
    ...(setup.platform === 'express' ? ["import type { Server } from 'node:http';"] : []),
    `import { Controller, Get${setup.platform === 'express' ? ', type INestApplication' : ''} } from '@nestjs/common';`,
    ...imports,
    "import { Test } from '@nestjs/testing';",
    "import { AuthConfig, Principal } from '@nmp/auth';",
    "import { asPrincipal, authTestingConfig } from '@nmp/auth/testing';",
    `import ${setup.request} from 'supertest';`,
    `import { ${className} } from '${setup.moduleImport}';`,
    '',
    "@Controller('who-am-i')",
    'class WhoAmIController {',
    '  @Get()',
    "  whoAmI(@Principal('email') email: string) {",
    '    return { email };',
    '  }',
    '}',
    '',
    "describe('Authentication (e2e)', () => {",
    `  let app: ${application};`,
    '',
    '  beforeAll(async () => {',
    '    const moduleFixture = await Test.createTestingModule({',
    `      imports: [${className}],`,
    '      controllers: [WhoAmIController],',
    '    })',
    '      .overrideProvider(AuthConfig)',
    `      .useFactory(${override.replaceAll('\n', '\n      ')})`,
    '      .compile();',
    '',
    `    app = moduleFixture.createNestApplication${adapter};`,
    '    await app.init();',
    ...ready,
    '  });',
    '',
    '  afterAll(async () => {',
    '    await app.close();',
    '  });',
    '',
    "  it('refuses whoever has no token', async () => {",
    "    await request(app.getHttpServer()).get('/who-am-i').expect(401);",
    '  });',
    '',
    "  it('knows who has one', async () => {",
    '    await request(app.getHttpServer())',
    "      .get('/who-am-i')",
    "      .use(asPrincipal({ email: 'alice@example.com' }))",
    "      .expect(200, { email: 'alice@example.com' });",
    '  });',
    '});',
    '',
  ].join('\n');
}

const platforms = {
  express: { application: 'INestApplication<Server>', adapter: '()', ready: [], imports: [] },
  fastify: {
    application: 'NestFastifyApplication',
    adapter: '<NestFastifyApplication>(new FastifyAdapter())',
    ready: ['    await app.getHttpAdapter().getInstance().ready();'],
    imports: ["import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';"],
  },
} as const;
