import type { ServerResponse } from 'node:http';
import { expect } from '@jest/globals';
import { SigningKey } from '@nmp/auth/testing';
import { accepted, invalid, unavailable } from '../answers.js';
import type { Row } from '../prove.js';
import type { Stage } from '../stage.js';

const second = await SigningKey.generate('ES256', 'second');

/** Answers of a key set's address that are no key set. */
const noKeySets: [number, string][] = [
  [404, ''],
  [500, '{"error":"server_error"}'],
  [503, 'Service Unavailable'],
  [401, '{"keys":[]}'],
  [201, '{"keys":[]}'],
  [204, ''],
  [200, ''],
  [200, '<!doctype html><title>Sign in</title>'],
  [200, '{'],
  [200, 'null'],
  [200, '[]'],
  [200, '1'],
  [200, '{}'],
  [200, '{"keys":{}}'],
  [200, '{"keys":null}'],
  [200, '{"keys":[]}'],
  [200, '{"keys":[null]}'],
  [200, '{"keys":"x"}'],
];

/** How documents come, or do not. */
export const keyFetchRows: Row[] = [
  ...(['never answers', 'stops in the middle of the body', 'sends a byte now and then'] as const).map((what): Row => ({
    id: 'D05',
    what: `a key set that ${what}: the wait ends, body included`,
    setting: { options: { httpTimeoutMs: 200 } },
    apart: true,
    attack: async (stage) => {
      const server = await stage.serve((_request, response) => {
        if (what === 'never answers') return;
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"keys":[');
        if (what === 'sends a byte now and then') drip(response);
      });
      await stage.open({ options: { httpTimeoutMs: 200, oidc: { jwksUri: server.origin } } });
      return stage.token();
    },
    answer: unavailable,
    neighbour: async (stage) => {
      const server = await stage.serve((_request, response) => {
        const text = JSON.stringify({ keys: [stage.issuer.signingKey.jwk] });
        response.writeHead(200, { 'content-type': 'application/json' }).write(text.slice(0, 20));
        setImmediate(() => response.end(text.slice(20)));
      });
      await stage.open({ options: { httpTimeoutMs: 100_000, oidc: { jwksUri: server.origin } } });
      return stage.token();
    },
  })),
  {
    id: 'D06',
    what: 'a body of 50 MB, or of a byte more than 512 KiB: cut, not read to its end',
    apart: true,
    attack: async (stage) => {
      let sent = 0;
      const huge = await stage.serve((_request, response) => {
        const write = (): void => {
          while (sent < 50_000_000 && !response.destroyed) {
            sent += 65_536;
            if (!response.write(' '.repeat(65_536))) return void response.once('drain', write);
          }
          response.end();
        };
        write();
      });
      await stage.open({ options: { oidc: { jwksUri: huge.origin } } });
      await stage.expect(await stage.token(), unavailable);
      expect(sent).toBeLessThan(25_000_000);
      const long = await stage.serve((_request, response) => response.end(padded(stage, 524_289)));
      await stage.open({ options: { oidc: { jwksUri: long.origin } } });
      return stage.token();
    },
    answer: unavailable,
    neighbour: async (stage) => {
      const server = await stage.serve((_request, response) => response.end(padded(stage, 524_288)));
      await stage.open({ options: { oidc: { jwksUri: server.origin } } });
      return stage.token();
    },
  },
  {
    id: 'D07',
    what: 'a redirect, wherever to: not followed',
    apart: true,
    attack: async (stage) => {
      const stranger = await stage.stranger();
      stranger.publish([stage.issuer.signingKey.jwk]);
      const targets = [stranger.jwksUri, 'http://169.254.169.254/latest', stage.issuer.jwksUri, 'file:///etc/passwd'];
      for (const location of targets) {
        for (const status of [301, 302, 303, 307, 308]) {
          const server = await stage.serve((_request, response) => response.writeHead(status, { location }).end());
          await stage.open({ options: { oidc: { jwksUri: server.origin } } });
          await stage.expect(await stage.token(), unavailable);
          await stage.open({ options: { oidc: { discoveryUrl: server.origin } } });
          await stage.expect(await stage.token(), unavailable);
        }
      }
      expect(stranger.requests).toEqual([]);
    },
    answer: unavailable,
  },
  {
    id: 'D08',
    what: 'anything but a key set, with nothing held: nothing is known of any token',
    apart: true,
    attack: async (stage) => {
      for (const [status, body] of noKeySets) {
        const server = await stage.serve((_request, response) => response.writeHead(status).end(body));
        await stage.open({ options: { oidc: { jwksUri: server.origin } } });
        await stage.expect(await stage.token(), unavailable);
      }
    },
    answer: unavailable,
  },
  {
    id: 'D08',
    what: 'the same while keys are held: they go on serving',
    setting: { options: { cache: false } },
    attack: async (stage) => {
      for (const [status, body] of noKeySets) {
        stage.issuer.fail({ status, body });
        stage.clock.advance(30);
        await stage.expect(await stage.token({ header: { kid: 'other' } }), unavailable);
        await stage.expect(await stage.token(), accepted);
      }
    },
    answer: unavailable,
  },
  {
    id: 'D09',
    what: 'one bad key among good ones is left out, wherever it stands',
    prepare: (issuer) =>
      issuer.publish([null, { ...second.jwk, y: 'AAAA' }, issuer.signingKey.jwk, { kty: 'RSA', n: {}, e: [] }, 'x']),
    attack: (stage) => stage.token({ key: second }),
    answer: invalid('key'),
  },
  {
    id: 'D09',
    what: 'more than a hundred keys are no key set',
    apart: true,
    prepare: (issuer) => issuer.publish(Array.from({ length: 101 }, () => issuer.signingKey.jwk)),
    attack: (stage) => stage.token(),
    answer: unavailable,
    neighbour: async (stage) => {
      const { jwk } = stage.issuer.signingKey;
      stage.issuer.publish([...Array.from({ length: 99 }, () => ({ kty: 'oct' })), jwk]);
      await stage.open({ options: { oidc: {} } });
      return stage.token();
    },
  },
];

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
}

/** The issuer's key set in so many bytes. */
function padded(stage: Stage, length: number): string {
  const text = JSON.stringify({ keys: [stage.issuer.signingKey.jwk] });
  return text + ' '.repeat(length - text.length);
}
