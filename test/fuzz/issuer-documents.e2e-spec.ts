import { beforeAll, describe, expect, it } from '@jest/globals';
import { isAuthError, standaloneVerifier } from '@nmp/auth';
import { SigningKey, signJws } from '@nmp/auth/testing';
import { discoverPlatform, NeMoError } from '@nmp/sdk';
import fc from 'fast-check';
import { fuzz } from './fuzz.js';

const issuer = 'https://idp.example.com';
const jwksUri = `${issuer}/jwks`;
let key: SigningKey;
let token: string;

beforeAll(async () => {
  key = await SigningKey.generate('ES256', 'key-1');
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: issuer, sub: 'user-1', aud: 'nmp-cli', client_id: 'nmp-cli', iat: now, exp: now + 3_600 };
  token = signJws({ alg: 'ES256', typ: 'at+jwt', kid: 'key-1' }, claims, key);
});

/** What a server answers. */
interface Answer {
  readonly status: number;
  readonly cacheControl: string;
  readonly body: string;
}

const junk = fc.oneof(
  fc.string(),
  fc.json({ maxDepth: 3 }),
  fc.constantFrom('', 'null', '[]', '{}', '<html>', '{"keys":'),
);

function answers(body: fc.Arbitrary<string>): fc.Arbitrary<Answer> {
  return fc.record({
    status: fc.oneof({ weight: 6, arbitrary: fc.constant(200) }, fc.constantFrom(204, 301, 400, 404, 429, 500, 503)),
    cacheControl: fc.oneof(
      fc.constantFrom('', 'no-store', 'max-age=1', 'max-age=1e9', 'max-age=-1'),
      fc.string({ unit: 'grapheme-ascii' }),
    ),
    body: fc.oneof({ weight: 3, arbitrary: body }, junk),
  });
}

/** Members that replace those of a good document. */
const odd = (...names: string[]) =>
  fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });

const discoveries = odd('issuer', 'jwks_uri', 'introspection_endpoint', 'token_endpoint').map((members) =>
  JSON.stringify({ issuer, jwks_uri: jwksUri, ...members }),
);
const keySets = fc.array(
  odd('kty', 'kid', 'alg', 'use', 'key_ops', 'crv', 'x', 'y', 'd', 'n', 'e', 'k', 'issuer', 'x5c'),
  { maxLength: 4 },
);

describe("the readers of an issuer's documents", () => {
  it('get by with whatever the key set is', async () => {
    await fuzz({
      name: 'key-sets',
      inputs: fc.record({ entries: keySets, answer: answers(fc.constant('')) }),
      runs: 400,
      holds: async ({ entries, answer }) => {
        const keys = entries.map((members) => ({ ...key.jwk, ...members }));
        const body = answer.body === '' ? JSON.stringify({ keys }) : answer.body;
        const isAccepted = await isTokenAccepted(good(JSON.stringify({ issuer, jwks_uri: jwksUri })), {
          ...answer,
          body,
        });
        if (isAccepted) expect(keys).toContainEqual(expect.objectContaining({ x: key.jwk.x, y: key.jwk.y }));
      },
    });
  });

  it('get by with whatever the discovery document is', async () => {
    await fuzz({
      name: 'discovery-documents',
      inputs: answers(discoveries),
      runs: 400,
      holds: async (discovery) => {
        const keys = good(JSON.stringify({ keys: [key.jwk] }));
        const isAccepted = await isTokenAccepted(discovery, keys);
        if (isAccepted) expect(JSON.parse(discovery.body)).toMatchObject({ issuer });
      },
    });
    expect(
      await isTokenAccepted(
        good(JSON.stringify({ issuer, jwks_uri: jwksUri })),
        good(JSON.stringify({ keys: [key.jwk] })),
      ),
    ).toBe(true);
  });

  it('of the SDK refuse what no platform says of itself', async () => {
    const documents = fc
      .record({
        auth_enabled: fc.jsonValue({ maxDepth: 1 }),
        oidc: odd('issuer', 'token_endpoint', 'client_id', 'default_scopes', 'login_parameters'),
      })
      .map((document) => JSON.stringify(document));
    await fuzz({
      name: 'platform-discovery',
      inputs: answers(documents),
      runs: 400,
      holds: async (answer) => {
        const http = { fetch: async () => responseOf(answer), timeoutMs: 5_000 };
        const outcome = await discoverPlatform('https://platform.example.com', http).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(NeMoError);
        else expect(outcome).toMatchObject({ authEnabled: expect.any(Boolean) });
      },
    });
  });
});

/** Whether the token passes; anything but a refusal of ours fails the test. */
async function isTokenAccepted(discovery: Answer, keys: Answer): Promise<boolean> {
  const documents = async (url: unknown): Promise<Response> => responseOf(String(url) === jwksUri ? keys : discovery);
  const verifier = standaloneVerifier({ oidc: { issuer, clientId: 'nmp-cli' }, fetch: documents });
  try {
    await verifier.verify(token);
    return true;
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return false;
  }
}

function good(body: string): Answer {
  return { status: 200, cacheControl: '', body };
}

function responseOf({ status, cacheControl, body }: Answer): Response {
  const headers = { 'cache-control': cacheControl };
  return new Response(status === 204 ? null : body, { status, headers });
}
