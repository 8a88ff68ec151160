import { expect } from '@jest/globals';
import { accepted, refusedAtBootstrap, unavailable } from '../answers.js';
import { sendDocument } from '../odd-server.js';
import type { Row } from '../prove.js';
import type { Stage } from '../stage.js';

const named = 'https://idp.example.com/realms/Acme';

/** Which addresses are asked, and whose documents are believed. */
export const issuerDocumentRows: Row[] = [
  {
    id: 'D12',
    what: 'plain http to another machine: refused at bootstrap, unless it is allowed in so many words',
    prepare: (issuer) => ({
      options: {
        allowInsecureHttp: true,
        oidc: { tokenEndpoint: 'http://idp.example.com/token', jwksUri: issuer.jwksUri },
      },
    }),
    attack: async (stage) => {
      const oidc = { issuer: stage.issuer.issuer, clientId: 'nmp-cli' };
      const hosts = [
        'idp.example.com',
        '10.0.0.1',
        '127.0.0.1.example.com',
        'localhost.example.com',
        '[::ffff:1.2.3.4]',
        '0.0.0.0',
      ];
      for (const host of hosts) {
        for (const name of ['issuer', 'jwksUri', 'discoveryUrl', 'tokenEndpoint']) {
          await stage.expectNoStart(
            { oidc: { ...oidc, [name]: `http://${host}/x` } },
            new RegExp(`oidc\\.${name} must be`),
          );
        }
        await stage.expectNoStart({ oidc: { ...oidc, additionalIssuers: [`http://${host}`] } }, /additionalIssuers\.0/);
      }
      for (const issuer of ['file:///etc/passwd', 'ftp://idp.example.com', 'idp.example.com', '//idp.example.com']) {
        await stage.expectNoStart({ oidc: { ...oidc, issuer } }, /oidc\.issuer must be/);
      }
    },
    answer: refusedAtBootstrap,
  },
  {
    id: 'D13',
    what: 'a discovery document of another issuer, or of ours in another spelling',
    apart: true,
    attack: async (stage) => {
      const spellings = [
        `${named}/`,
        named.toLowerCase(),
        'https://other.example/realms/Acme',
        undefined,
        null,
        [named],
      ];
      for (const issuer of spellings) {
        const server = await stage.serve((_request, response) =>
          sendDocument(response, { issuer, jwks_uri: stage.issuer.jwksUri }),
        );
        await stage.open({ options: { oidc: { issuer: named, discoveryUrl: server.origin } } });
        await stage.expect(await stage.token({ claims: { iss: named } }), unavailable);
      }
    },
    answer: unavailable,
    neighbour: async (stage) => {
      const document = { issuer: named, jwks_uri: stage.issuer.jwksUri };
      const server = await stage.serve((_request, response) => sendDocument(response, document));
      await stage.open({ options: { oidc: { issuer: named, discoveryUrl: server.origin } } });
      return stage.token({ claims: { iss: named } });
    },
  },
  {
    id: 'D14',
    what: 'the document of an issuer with a path: not where another issuer of the host has its own',
    apart: true,
    attack: (stage) => withDocumentAt(stage, '/.well-known/openid-configuration'),
    answer: unavailable,
    neighbour: async (stage) => {
      const suffix = '/realms/acme/.well-known/openid-configuration';
      const inserted = [
        '/.well-known/openid-configuration/realms/acme',
        '/.well-known/oauth-authorization-server/realms/acme',
      ];
      for (const path of [suffix, ...inserted]) await stage.expect(await withDocumentAt(stage, path), accepted);
    },
  },
  {
    id: 'D15',
    what: 'a key set at an address without https, of another machine: not asked for',
    apart: true,
    attack: async (stage) => {
      const uris = [
        'http://keys.example.com/',
        'http://10.0.0.1/',
        'file:///etc/passwd',
        'data:,{}',
        '/jwks',
        '',
        undefined,
        1,
      ];
      for (const uri of uris) {
        const asked: string[] = [];
        await openWithKeysAt(stage, uri, asked);
        await stage.expect(await stage.token(), unavailable);
        expect(asked.filter((url) => url === uri)).toEqual([]);
      }
    },
    answer: unavailable,
    neighbour: async (stage) => {
      // Another host, and one in a private range, is the provider's own affair: its document is trusted.
      for (const uri of ['https://keys.example.com/jwks', 'https://10.0.0.1/jwks']) {
        await openWithKeysAt(stage, uri, []);
        await stage.expect(await stage.token(), accepted);
      }
    },
  },
];

/** Opens an application whose issuer has its discovery document at this path and nowhere else; makes a token of it. */
async function withDocumentAt(stage: Stage, path: string): Promise<string> {
  const server = await stage.serve(({ url }, response) => {
    const issuer = `http://${response.req.headers.host}/realms/acme`;
    if (url === path) sendDocument(response, { issuer, jwks_uri: stage.issuer.jwksUri });
    else response.writeHead(404).end();
  });
  const issuer = `${server.origin}/realms/acme`;
  await stage.open({ options: { oidc: { issuer } } });
  return stage.token({ claims: { iss: issuer } });
}

/** Opens an application whose issuer says that its keys are at this address; notes what it asks for. */
async function openWithKeysAt(stage: Stage, uri: unknown, asked: string[]): Promise<void> {
  const document = { issuer: stage.issuer.issuer, jwks_uri: uri };
  const server = await stage.serve((_request, response) => sendDocument(response, document));
  const notingFetch = (url: string, init: RequestInit): Promise<Response> => {
    asked.push(url);
    return fetch(url.startsWith('https://') ? stage.issuer.jwksUri : url, init);
  };
  await stage.open({ options: { fetch: notingFetch, oidc: { discoveryUrl: server.origin } } });
}
