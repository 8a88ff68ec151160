import { afterEach, describe, expect, it } from '@jest/globals';
import { adapters, rawRequest } from './support/http-apps.js';
import { NotesApps } from './support/notes-apps.js';

describe.each(adapters)('AuthModule on %s', (adapter) => {
  const apps = new NotesApps(adapter);

  afterEach(async () => {
    await apps.close();
  });

  describe('behind a gateway', () => {
    const named = {
      'X-NMP-Principal-Id': 'user-7',
      'X-NMP-Principal-Groups': 'a%2Cb,c',
      'X-NMP-Scopes': 'notes:write',
    };
    const secret = 'a secret of the gateway';
    const proof = { 'x-gateway': secret };
    const ask = async (url: string, headers: Record<string, string>): Promise<[number, unknown]> => {
      const response = await fetch(`${url}/notes/me`, { headers });
      return [response.status, await response.json()];
    };
    const believed = [200, { id: 'user-7', groups: ['a,b', 'c'], scopes: ['notes:write'] }];
    const missing = [401, expect.objectContaining({ code: 'missing_token' })];

    it('believes its headers when every condition holds, and never beside a token', async () => {
      const { url, issuer } = await apps.start({
        trustedHeaders: { cidrs: ['127.0.0.0/8', '::1/128'], secretHeader: 'X-Gateway', secret },
      });
      expect(await ask(url, { ...named, ...proof })).toEqual(believed);
      expect(await ask(url, named)).toEqual(missing);
      expect(await ask(url, { ...named, 'x-gateway': `${secret}.` })).toEqual(missing);
      expect(await ask(url, proof)).toEqual(missing);
      const authorization = `Bearer ${await issuer.accessToken({ subject: 'user-1' })}`;
      expect(await ask(url, { ...named, ...proof, authorization })).toEqual([
        200,
        expect.objectContaining({ id: 'user-1' }),
      ]);
      expect((await ask(url, { ...named, ...proof, authorization: 'Bearer garbage' }))[0]).toBe(401);
    });

    it('does not believe a stranger who names the gateway as his origin', async () => {
      const { url } = await apps.start({
        trustedHeaders: { cidrs: ['10.0.0.0/8'], secretHeader: 'X-Gateway', secret },
      });
      const forwarded = { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1', 'x-real-ip': '10.0.0.1' };
      expect(await ask(url, { ...named, ...proof, ...forwarded })).toEqual(missing);
    });

    it.each([999, 1000, 1023, 1100])('is not believed where Node has left headers out: %i of them', async (count) => {
      const { url } = await apps.start({ trustedHeaders: { cidrs: ['127.0.0.0/8', '::1/128'] } });
      const pads = Array.from({ length: count }, () => 'A:');
      const lines = ['X-NMP-Principal-Id: user-7', 'X-NMP-Principal-On-Behalf-Of: user-8'];
      const request = ['GET /notes/me HTTP/1.1', 'Host: x', ...pads, ...lines];
      expect(await rawRequest(url, request)).toBe(400);
    });

    it('keeps its secret from the handlers', async () => {
      const { url } = await apps.start({ trustedHeaders: { secretHeader: 'X-Gateway', secret } });
      const response = await fetch(`${url}/notes/headers`, { headers: { ...named, ...proof } });
      expect(await response.json()).not.toContain('x-gateway');
    });

    it('refuses headers that break a rule, came twice or in another spelling', async () => {
      const { url } = await apps.start({ trustedHeaders: { cidrs: ['127.0.0.0/8', '::1/128'] } });
      expect(await ask(url, named)).toEqual(believed);
      const odds: Record<string, string>[] = [
        { 'X-NMP-Principal-Id': 'a b' },
        { x_nmp_principal_id: 'user-8' },
        { 'X-NMP-Principal-Id': 'service:x' },
      ];
      for (const odd of odds) {
        expect(await ask(url, { ...named, ...odd })).toEqual([
          400,
          expect.objectContaining({ detail: expect.stringMatching(/^Header X-NMP/) }),
        ]);
      }
      const line = 'X-NMP-Principal-Id: user-7';
      const request = ['GET /notes/me HTTP/1.1', 'Host: 127.0.0.1', line];
      expect(await rawRequest(url, request)).toBe(200);
      expect(await rawRequest(url, [...request, line])).toBe(400);
    });
  });
});
