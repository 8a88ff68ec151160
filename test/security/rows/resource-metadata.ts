import { expect } from '@jest/globals';
import { VersioningType } from '@nestjs/common';
import { accepted, noCredentials, refusedAtBootstrap } from '../answers.js';
import type { Row } from '../prove.js';
import type { Stage } from '../stage.js';

/** Public addresses, with the addresses of their metadata. @see RFC 9728 §3.1 */
const addresses = [
  ['https://api.example.com', 'https://api.example.com/.well-known/oauth-protected-resource'],
  ['https://api.example.com/', 'https://api.example.com/.well-known/oauth-protected-resource'],
  ['https://api.example.com/notes', 'https://api.example.com/.well-known/oauth-protected-resource/notes'],
  ['https://api.example.com/a/b', 'https://api.example.com/.well-known/oauth-protected-resource/a/b'],
  ['https://api.example.com:8443/notes', 'https://api.example.com:8443/.well-known/oauth-protected-resource/notes'],
] as const;

const forged = [
  'Host: evil.example',
  'X-Forwarded-Host: evil.example',
  'X-Forwarded-Proto: http',
  'Forwarded: host=evil.example;proto=http',
];

const secret = 'a secret of the gateway';
const metadataPath = '/.well-known/oauth-protected-resource/notes';

async function checkMetadata(stage: Stage): Promise<void> {
  const { status, headers, body } = await stage.ask({ path: metadataPath, lines: ['Origin: https://app.example.com'] });
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({
    resource: 'https://api.example.com/notes',
    authorization_servers: [stage.issuer.issuer],
    scopes_supported: ['orders:read'],
    bearer_methods_supported: ['header'],
  });
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': expect.stringMatching(/^application\/json/),
    'access-control-allow-origin': '*',
    'cache-control': expect.stringMatching(/max-age=\d/),
  });
  expect(body).not.toContain(secret);
}

/** Where clients learn how to get a token. */
export const resourceMetadataRows: Row[] = [
  {
    id: 'W02',
    what: 'the address in the challenge is absolute, inserted before the path, and of the configuration alone',
    attack: async (stage) => {
      for (const [publicUrl, metadata] of addresses) {
        await stage.open({ options: { publicUrl } });
        const { headers } = await stage.ask({ lines: forged });
        const challenge = headers.find(([name]) => name === 'www-authenticate')?.[1];
        expect(challenge).toBe(`Bearer realm="nmp", resource_metadata="${metadata}"`);
        expect(JSON.stringify(headers)).not.toContain('evil');
      }
      return { lines: forged };
    },
    answer: noCredentials,
    neighbour: async (stage) => ({ token: await stage.token(), lines: forged }),
  },
  {
    id: 'W03',
    what: 'the resource is named byte by byte as it is configured, whatever host is asked',
    attack: async (stage) => {
      for (const [publicUrl, metadata] of addresses) {
        await stage.open({ options: { publicUrl } });
        const { body } = await stage.ask({ path: new URL(metadata).pathname, lines: forged });
        expect(JSON.parse(body)).toMatchObject({ resource: publicUrl });
      }
    },
    answer: accepted,
  },
  {
    id: 'W03',
    what: 'a public address that is no absolute http address, or has a fragment or a user: refused at bootstrap',
    attack: async (stage) => {
      const oidc = { issuer: stage.issuer.issuer, clientId: 'nmp-cli' };
      const wrong = [
        '',
        ' ',
        'api',
        '/notes',
        '//api.example.com',
        'ftp://api.example.com',
        'https://a@api.example.com',
      ];
      for (const publicUrl of [...wrong, 'https://api.example.com/#x', null, 1, ['https://api.example.com']]) {
        await stage.expectNoStart({ oidc, publicUrl }, /publicUrl must/);
      }
    },
    answer: refusedAtBootstrap,
  },
  {
    id: 'W04',
    what: 'its place is public, with a bad token too, and nothing beside it is',
    setting: { options: { trustedHeaders: { secretHeader: 'X-Gateway', secret } } },
    attack: async (stage) => {
      await checkMetadata(stage);
      expect((await stage.ask({ path: metadataPath, token: 'garbage' })).status).toBe(200);
      const closed = ['/.well-known/oauth-protected-resource', `${metadataPath}/x`, `/v1${metadataPath}`];
      for (const path of closed) expect((await stage.ask({ path })).status).toBe(404);
      for (const method of ['POST', 'PUT', 'DELETE']) {
        expect((await stage.ask({ method, path: metadataPath })).status).toBe(404);
      }
    },
    answer: accepted,
  },
  {
    id: 'W04',
    what: 'it stays there under a global prefix and versions',
    apart: true,
    setting: {
      options: { trustedHeaders: { secretHeader: 'X-Gateway', secret } },
      configure: (app) => {
        app.setGlobalPrefix('v1');
        app.enableVersioning({ type: VersioningType.URI, defaultVersion: '2' });
      },
    },
    attack: async (stage) => {
      await checkMetadata(stage);
      return { path: '/v1/v2/orders' };
    },
    answer: noCredentials,
    neighbour: async (stage) => ({ path: '/v1/v2/orders', token: await stage.token({ scope: 'orders:read' }) }),
  },
];
