import { expect } from '@jest/globals';
import { MemoryRevocation } from '@nmp/auth';
import { SigningKey } from '@nmp/auth/testing';
import { accepted, insufficientScope, invalid } from '../answers.js';
import type { Row } from '../prove.js';
import type { StageSetting } from '../stage.js';

const foreign = await SigningKey.generate('ES256', 'foreign');
const revocation = new MemoryRevocation(() => 0);
const template = 'https://login.example.com/{tenantid}/v2.0';

/** What is remembered, and how little it says. */
export const verdictRows: Row[] = [
  {
    id: 'D20',
    what: 'a thousand issuers out of tokens leave nothing behind and cost nothing',
    attack: async (stage) => {
      const names = Array.from({ length: 1000 }, (_, at) => `https://tenant-${at}.example.com`);
      const answers = await Promise.all(
        names.map(async (iss) => (await stage.ask(await stage.token({ claims: { iss } }))).status),
      );
      expect([...new Set(answers)]).toEqual([401]);
      return stage.token({ claims: { iss: 'https://tenant-0.example.com' } });
    },
    answer: invalid('issuer'),
    silent: true,
  },
  {
    id: 'D20',
    what: 'the tenants of one template have one key set together',
    setting: { issuer: { metadata: { issuer: template } } },
    prepare: (issuer): StageSetting => {
      const tenants = Array.from({ length: 50 }, (_, at) => `tenant-${at}`);
      const discoveryUrl = `${issuer.issuer}/.well-known/openid-configuration`;
      return { options: { oidc: { issuer: template, discoveryUrl, tenants } } };
    },
    attack: async (stage) => {
      for (let at = 0; at < 50; at++) {
        const claims = { iss: template.replace('{tenantid}', `tenant-${at}`), tid: `tenant-${at}` };
        await stage.expect(await stage.token({ claims }), accepted);
      }
      expect(stage.issuer.jwksFetches).toBe(1);
      return stage.token({ claims: { iss: template.replace('{tenantid}', 'tenant-50'), tid: 'tenant-50' } });
    },
    answer: invalid('issuer'),
    neighbour: (stage) => stage.token({ claims: { iss: template.replace('{tenantid}', 'tenant-1'), tid: 'tenant-1' } }),
  },
  {
    id: 'D21',
    what: 'a remembered token at a route that needs another scope',
    attack: async (stage) => {
      const token = await stage.token({ scope: 'openid' });
      await stage.expect(token, accepted);
      return { path: '/orders', token };
    },
    answer: insufficientScope,
    neighbour: async (stage) => {
      const token = await stage.token({ scope: 'orders:read' });
      return [token, { path: '/orders', token }, token];
    },
  },
  {
    id: 'D21',
    what: 'a remembered token at a route that needs another audience',
    attack: async (stage) => {
      const token = await stage.token();
      await stage.expect(token, accepted);
      return { path: '/billing', token };
    },
    answer: invalid('audience'),
    neighbour: async (stage) => {
      const token = await stage.token({ audience: ['nmp-cli', 'billing'] });
      return [token, { path: '/billing', token }];
    },
  },
  {
    id: 'D22',
    what: 'the claims of a remembered token under another signature, or its signature over others',
    attack: async (stage) => {
      const token = await stage.token();
      await stage.expect(token, accepted);
      const [header, claims, signature] = token.split('.');
      const other = await stage.token({ subject: 'admin' });
      await stage.expect(other, accepted);
      const [, otherClaims, otherSignature] = other.split('.');
      return [
        `${header}.${claims}.${otherSignature}`,
        `${header}.${otherClaims}.${signature}`,
        `${token.slice(0, -2)}${token.slice(-2) === 'AA' ? 'BB' : 'AA'}`,
        token.slice(0, -4),
        `${token}AAAA`,
      ];
    },
    answer: invalid('signature'),
    neighbour: async (stage) => {
      const token = await stage.token({ subject: 'user-2' });
      const told = { id: 'user-2' };
      return [
        { token, told },
        { token, told },
        { token: await stage.token({ subject: 'user-3' }), told: { id: 'user-3' } },
        { token, told },
      ];
    },
    silent: true,
  },
  {
    id: 'D23',
    what: 'a remembered token past its expiry',
    apart: true,
    attack: async (stage) => {
      const token = await stage.token({ expiresInSeconds: 60 });
      await stage.expect(token, accepted);
      stage.clock.advance(90);
      return token;
    },
    answer: invalid('expired'),
    neighbour: async (stage) => {
      const token = await stage.token({ expiresInSeconds: 60 });
      await stage.expect(token, accepted);
      stage.clock.advance(89);
      return token;
    },
  },
  {
    id: 'D23',
    what: 'a remembered token of a key that is gone',
    apart: true,
    attack: async (stage) => {
      const token = await stage.token();
      await stage.expect(token, accepted);
      await stage.issuer.rotateKeys({ keepOld: false });
      stage.clock.advance(30);
      await stage.expect(await stage.token(), accepted);
      return token;
    },
    answer: invalid('key'),
    neighbour: async (stage) => {
      const token = await stage.token();
      await stage.expect(token, accepted);
      await stage.issuer.rotateKeys();
      stage.clock.advance(30);
      await stage.expect(await stage.token(), accepted);
      return token;
    },
  },
  {
    id: 'D23',
    what: 'a remembered token that was revoked',
    setting: { options: { revocation } },
    attack: async (stage) => {
      const token = await stage.token({ claims: { jti: 'revoked' } });
      await stage.expect(token, accepted);
      revocation.revokeToken(stage.issuer.issuer, 'revoked', 1);
      return token;
    },
    answer: invalid('revoked'),
    silent: true,
  },
  {
    id: 'D24',
    what: 'an unknown issuer and a bad signature differ in code and sentence, and in nothing else that can be seen',
    attack: async (stage) => {
      const tokens = [
        await stage.token({ claims: { iss: 'https://other.example' } }),
        await stage.token({ key: foreign, header: { kid: stage.issuer.signingKey.kid } }),
      ];
      const shapes = [];
      for (const token of tokens) {
        const { status, headers, body } = await stage.ask(token);
        const names = headers.map(([name]) => name);
        shapes.push({ status, names, members: Object.keys(JSON.parse(body) as object) });
      }
      expect(shapes[0]).toEqual(shapes[1]);
    },
    answer: invalid('signature'),
    silent: true,
  },
];
