import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProofKey, type TestIssuer } from '@nmp/auth/testing';
import supertest from 'supertest';
import { startIssuer } from './support/issuers.js';
import { platformConfig, startPlatform } from './support/platform.js';

const whoami = '/apis/auth/v2/whoami';

describe('a token that is bound to a DPoP key', () => {
  let issuer: TestIssuer;
  let app: NestFastifyApplication;
  let key: ProofKey;
  let token: string;

  beforeAll(async () => {
    [issuer, key] = await Promise.all([startIssuer(), ProofKey.generate()]);
    const { auth, ...rest } = platformConfig(issuer.issuer);
    app = await startPlatform({ ...rest, auth: { ...auth, publicUrl: rest.publicUrl, dpop: {} } });
    const claims = { cnf: { jkt: key.thumbprint } };
    token = await issuer.accessToken({ audience: 'nmp-platform', subject: 'alice', claims });
  });

  afterAll(async () => {
    await app?.close();
    await issuer?.close();
  });

  const ask = (path: string, headers: Record<string, string>): supertest.Test =>
    supertest(app.getHttpServer()).get(path).set(headers);
  const proven = (path: string): Record<string, string> => ({
    authorization: `DPoP ${token}`,
    dpop: key.proof({ url: `http://localhost:8080${path}`, token }),
  });

  it('is accepted by the platform with its proof, and without it by nothing', async () => {
    await ask(whoami, proven(whoami)).expect(200);
    const { body, headers } = await ask(whoami, { authorization: `Bearer ${token}` }).expect(401);
    expect(body).toMatchObject({ code: 'token_claims' });
    expect(headers['www-authenticate']).toMatch(/^Bearer realm=.*, DPoP realm="nmp", algs="ES256 /);
    await ask(whoami, { authorization: `DPoP ${token}` }).expect(401);
  });

  it.each(['/apis/auth/authenticate', `/apis/auth/ext-authz${whoami}`])(
    'is nobody to gateways at %s, proof or no proof: theirs is another request than the one it was made for',
    async (path) => {
      for (const url of [path, whoami]) {
        const answer = await ask(path, { ...proven(url) }).expect(401);
        expect(answer.body).toMatchObject({ detail: 'Invalid bearer token' });
        expect(answer.headers['x-nmp-principal-id']).toBeUndefined();
      }
      await ask(path, { authorization: `Bearer ${token}` }).expect(401);
      const plain = await issuer.accessToken({ audience: 'nmp-platform', subject: 'alice' });
      await ask(path, { authorization: `Bearer ${plain}` }).expect(200);
    },
  );
});
