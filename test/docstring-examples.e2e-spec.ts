import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as common from '@nestjs/common';
import * as microservices from '@nestjs/microservices';
import * as auth from '@nmp/auth';
import * as testing from '@nmp/auth/testing';
import * as devIdp from '@nmp/dev-idp';
import * as sdk from '@nmp/sdk';
import * as tokens from '@nmp/tokens';
import { docstringExamples, exampleModule } from './support/docstring-examples.js';
import { TypescriptBlocks } from './support/typescript-block.js';

const root = join(import.meta.dirname, '..');

/** Of each library, what its examples may import, and what an application would have around them. */
const libraries = {
  auth: {
    exported: {
      '@nmp/auth': Object.keys(auth),
      '@nmp/auth/testing': Object.keys(testing),
      '@nestjs/common': Object.keys(common),
      '@nestjs/swagger': ['DocumentBuilder', 'SwaggerModule'],
      '@nestjs/testing': ['Test'],
      '@nestjs/microservices': Object.keys(microservices).filter((name) => !Object.hasOwn(common, name)),
    },
    surroundings: `
      import type { INestApplication } from '@nestjs/common';
      import request from 'supertest';
      declare const app: INestApplication;
      declare class AppModule {}
      declare class ReportsModule {}
      declare const issuer: TestIssuer;
      declare const client: ClientProxy;
      declare const issuerKeys: IssuerKeys;
      declare const tokens: { get(): Promise<string> };
      declare const protoPath: string;
      declare const url: string;
      declare function count(code: string): void;`,
  },
  'dev-idp': {
    exported: { '@nmp/dev-idp': Object.keys(devIdp) },
    surroundings: 'declare const verificationUri: string;',
  },
  sdk: { exported: { '@nmp/sdk': Object.keys(sdk) }, surroundings: 'declare const client: NeMoPlatform;' },
  tokens: {
    exported: { '@nmp/tokens': Object.keys(tokens) },
    surroundings: `
      import type { Principal } from '@nmp/tokens';
      declare const principal: Principal;
      declare const axios: { interceptors: { request: { use(change: (config: { headers: Headers }) => unknown): void } } };`,
  },
};

describe('examples in docstrings', () => {
  const examples = Object.entries(libraries).flatMap(([library, given]) =>
    examplesOf(library).map((example) => ({ ...example, ...given })),
  );
  let compiled: TypescriptBlocks;

  beforeAll(() => {
    const modules = examples.map((example) => [
      example.name,
      exampleModule(example, example.exported, example.surroundings),
    ]);
    compiled = TypescriptBlocks.compile(Object.fromEntries(modules) as Record<string, string>);
  });

  afterAll(() => compiled.remove());

  it.each(examples)('$name compiles', ({ name }) => {
    expect(compiled.problemsOf(name)).toEqual([]);
  });

  it('are in no other library', () => {
    expect(examplesOf('cli')).toEqual([]);
  });
});

function examplesOf(library: string) {
  const folder = join(root, 'libs', library, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .flatMap((file) => docstringExamples(join(folder, file)).map((example) => ({ ...example, path: file })))
    .map((example) => ({ ...example, name: `${library}/${example.path.replace(/\.ts$/, '')}-${example.line}.ts` }));
}
