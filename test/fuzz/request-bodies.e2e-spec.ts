import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import fc from 'fast-check';
import { startIssuer } from '../support/issuers.js';
import { platformConfig, startPlatform } from '../support/platform.js';
import { fuzz } from './fuzz.js';

/** A request as the description of the API has it. */
interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly contentType: string | undefined;
  /** The members that its body may have. */
  readonly members: readonly string[];
}

/** A request, with a value for each of its parameters in turn. */
interface Asked {
  readonly operation: string;
  readonly values: readonly string[];
  readonly contentType: string | undefined;
  readonly body: string | undefined;
}

const operations = operationsOf(JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')));
const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;
const byName = new Map(operations.map((operation) => [nameOf(operation), operation]));

const known = [
  'default',
  'system',
  'fuzzed',
  'alice@example.com',
  'group:team',
  '*',
  'Admin',
  'platform:read',
  '1',
  '-1',
  '\0',
];
const texts = fc.oneof(fc.constantFrom(...known), fc.string({ unit: 'grapheme', maxLength: 12 }));
const values = fc.oneof(texts, fc.jsonValue({ maxDepth: 2 }), fc.array(texts, { maxLength: 3 }));

const requests: fc.Arbitrary<Asked> = fc.constantFrom(...operations).chain((operation) =>
  fc.record({
    operation: fc.constant(nameOf(operation)),
    values: fc.array(texts, { minLength: 5, maxLength: 5 }),
    contentType: fc.oneof(
      { weight: 8, arbitrary: fc.constant(operation.contentType) },
      fc.constantFrom('application/json', 'text/plain', 'application/json; charset=utf-16', 'multipart/form-data', ';'),
    ),
    body: operation.contentType === undefined ? fc.constant(undefined) : bodiesOf(operation),
  }),
);

/** A rule of which no request here knows the token. */
const rule = {
  name: 'rule',
  jwksUri: undefined,
  discoveryUrl: undefined,
  audience: 'nmp',
  subject: 'nobody',
  claims: {},
  principal: { id: 'trainer', email: undefined, groups: [] },
  scopes: ['platform:read'],
  lifeSeconds: 60,
};

describe('every request of the API', () => {
  let issuer: TestIssuer;
  let ci: TestIssuer;
  let app: NestFastifyApplication;
  let url: string;

  beforeAll(async () => {
    [issuer, ci] = await Promise.all([startIssuer(), startIssuer()]);
    app = await startPlatform(
      platformConfig(issuer.issuer, {
        accessKeys: { audience: 'keys', defaultLifeSeconds: 60, maxLifeSeconds: 60, maxPerOwner: 5 },
        hopTokens: { audiences: ['models'], lifeSeconds: 60 },
        tokenExchange: { audience: 'workloads', rules: [{ ...rule, issuer: ci.issuer }] },
      }),
    );
    url = await app.getUrl();
  });

  afterAll(async () => {
    await app?.close();
    await Promise.all([issuer, ci].map((one) => one?.close()));
  });

  it('is answered, and never by an accident of ours', async () => {
    await fuzz({
      name: 'requests',
      inputs: requests,
      runs: 300,
      holds: async (asked) => {
        const response = await send(asked);
        const text = await response.text();
        expect({ status: response.status, text }).toEqual({ status: expect.any(Number), text: expect.any(String) });
        expect([response.status < 500, text]).toEqual([true, text]);
        if (response.status >= 400) expect(JSON.parse(text)).toMatchObject({ error: expect.any(String) });
      },
    });
    expect(
      (await send({ operation: 'get /apis/auth/v2/whoami', values: [], contentType: undefined, body: undefined }))
        .status,
    ).toBe(200);
  });

  async function send({ operation: name, values, contentType, body }: Asked): Promise<Response> {
    const operation = byName.get(name);
    if (operation === undefined) throw new Error(`There is no operation "${name}"`);
    const { path, query } = filled(operation, values);
    const token = await issuer.accessToken({ audience: 'nmp-platform', subject: 'admin', email: 'admin@example.com' });
    return fetch(`${url}${path}${query}`, {
      method: operation.method.toUpperCase(),
      headers: { authorization: `Bearer ${token}`, ...(contentType !== undefined && { 'content-type': contentType }) },
      ...(body !== undefined && { body: Buffer.from(body) }),
    });
  }
});

/** Forms for the one operation that takes forms, JSON and nearly that for the others. */
function bodiesOf({ contentType, members }: Operation): fc.Arbitrary<string> {
  const names = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...members, 'extra') }, fc.string());
  if (contentType !== 'application/json') {
    const form = fc.array(fc.tuple(names, texts), { maxLength: 5 });
    return fc.oneof(
      form.map((pairs) => new URLSearchParams(pairs).toString()),
      fc.string(),
    );
  }
  const objects = fc.dictionary(names, values, { maxKeys: 5 }).map((object) => JSON.stringify(object));
  return fc.oneof({ weight: 5, arbitrary: objects }, fc.json(), fc.string());
}

/** Puts the values where the parameters are; every other one is left out of the query. */
function filled({ path, parameters }: Operation, values: readonly string[]): { path: string; query: string } {
  const query = new URLSearchParams();
  let target = path;
  for (const [at, { name, in: place }] of parameters.entries()) {
    const value = values[at] ?? '';
    if (place === 'path') target = target.replace(`{${name}}`, encodeURIComponent(value));
    else if (value !== '') query.set(name, value);
  }
  return { path: target, query: query.size === 0 ? '' : `?${query.toString()}` };
}

interface Described {
  readonly parameters?: Operation['parameters'];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: object;
}

function operationsOf(document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const [content] = Object.entries(requestBody?.content ?? {});
      const { $ref = '', properties } = content?.[1].schema ?? {};
      const schema = document.components.schemas[$ref.replace('#/components/schemas/', '')];
      const members = Object.keys(properties ?? schema?.properties ?? {});
      return { method, path, parameters, contentType: content?.[0], members };
    }),
  );
}
