import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { AuthModule, environmentFetch } from '@nmp/auth';
import { SigningKey } from '@nmp/auth/testing';
import { selfSignedCertificate } from './security/self-signed-certificate.js';
import { adapters, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';

@Controller()
class AnswerController {
  @Get()
  answer() {
    return { ok: true };
  }
}

describe.each(adapters)('a provider with a private certificate, on %s', (adapter) => {
  const running: { close(): unknown }[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((part) => part.close()));
  });

  it('is trusted with its authority, and not without', async () => {
    const issuer = await startIssuer();
    const key = await SigningKey.generate('ES256');
    const der = selfSignedCertificate(key, 'localhost');
    const ca = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
    const front = createServer({ key: key.privateKey.export({ format: 'pem', type: 'pkcs8' }), cert: ca }, (_, to) => {
      void fetch(issuer.jwksUri).then(async (keys) => to.end(await keys.text()));
    });
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
    running.push(issuer, front);
    const jwksUri = `https://localhost:${(front.address() as AddressInfo).port}/keys`;

    const headers = { authorization: `Bearer ${await issuer.accessToken()}` };
    for (const [options, status] of [
      [{ fetch: environmentFetch({ ca }) }, 200],
      [{}, 503],
    ] as const) {
      const oidc = { issuer: issuer.issuer, clientId: 'nmp-cli', jwksUri };
      const { app, url } = await startApp(adapter, {
        imports: [AuthModule.forRoot({ ...options, oidc })],
        controllers: [AnswerController],
      });
      running.push(app);
      expect((await fetch(url, { headers })).status).toBe(status);
    }
  });
});
