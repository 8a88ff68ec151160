import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

const whoami = '/apis/auth/v2/whoami';
const lines: string[] = [];
let issuer: TestIssuer;
let app: NestFastifyApplication;

const silent = (): void => undefined;
const warn = (line: unknown): void => void lines.push(String(line));
const logger: LoggerService = { log: silent, error: silent, debug: silent, verbose: silent, warn };

beforeAll(async () => {
  issuer = await startIssuer();
  const config = platformConfig(issuer.issuer);
  app = await startPlatform({ ...config, auth: { ...config.auth, explainRefusals: true } }, {}, logger);
});

beforeEach(() => {
  lines.length = 0;
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

describe('the log of the platform in development', () => {
  it('names the setting and the variable to look at', async () => {
    const stranger = await ApiCaller.signedIn(app, issuer, { audience: 'other-api' });
    const { body } = await stranger.request('get', whoami).expect(401);
    expect(body).toMatchObject({ code: 'token_audience' });
    expect(lines).toEqual([
      expect.stringMatching(/^token_audience: .* → Look at auth\.oidc\.audience \(NMP_AUTH_OIDC__AUDIENCE\)/),
    ]);
  });

  it('explains what a gateway is told, too', async () => {
    const stranger = await ApiCaller.signedIn(app, issuer, { claims: { iss: 'https://other.example' } });
    const { body } = await stranger.request('get', '/apis/auth/authenticate').expect(401);
    expect(body).toMatchObject({ code: 'token_issuer' });
    expect(lines).toEqual([expect.stringMatching(/^token_issuer: .* → Look at auth\.oidc\.issuer/)]);
  });

  it('explains what services refuse', async () => {
    const bob = await ApiCaller.signedIn(app, issuer, { subject: 'bob', email: 'bob@example.com' });
    const { body } = await bob.request('get', '/apis/entities/v2/workspaces/secret').expect(403);
    expect(body).toMatchObject({ code: 'access_denied' });
    expect(lines).toEqual([expect.stringMatching(/^access_denied: Forbidden → Give the caller the role/)]);
  });
});
