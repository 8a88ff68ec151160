import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import supertest from 'supertest';
import type { ExposureConfig } from '../src/config/exposure-config.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

const discovery = '/apis/auth/discovery';
const whoami = '/apis/auth/v2/whoami';

let issuer: TestIssuer;
let limited: NestFastifyApplication;
let closed: NestFastifyApplication;
let clients = 0;

beforeAll(async () => {
  issuer = await startIssuer();
  limited = await start({
    rateLimit: { publicRequestsPerMinute: 3, failuresPerMinute: 3 },
    trustedProxies: ['127.0.0.0/8'],
    corsOrigins: ['https://app.example.com'],
  });
  closed = await start(
    { rateLimit: { publicRequestsPerMinute: 3, failuresPerMinute: 1000 } },
    'https://platform.example.com',
  );
});

afterAll(async () => {
  await limited?.close();
  await closed?.close();
  await issuer?.close();
});

describe('clients that ask too often', () => {
  it.each([discovery, '/apis/auth/jwks', '/apis/auth/.well-known/openid-configuration'])(
    'are told so in the usual shape: %s',
    async (path) => {
      const get = newClient();
      for (let count = 0; count < 3; count++) await get(path).expect(200);
      const { body, headers } = await get(path).expect(429);
      expect(body).toEqual({
        statusCode: 429,
        error: 'Too Many Requests',
        code: 'too_many_requests',
        detail: expect.stringMatching(/^Too many requests from your address: wait \d+ seconds$/),
      });
      expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
      await get('/health/ready').expect(200);
      await newClient()(path).expect(200);
    },
  );

  it('cannot exchange tokens any more', async () => {
    const exchange = () =>
      supertest(limited.getHttpServer())
        .post('/apis/auth/token')
        .set('X-Forwarded-For', '203.0.113.1')
        .type('form')
        .send('grant_type=x');
    for (let count = 0; count < 3; count++) expect((await exchange()).status).not.toBe(429);
    await exchange().expect(429);
  });

  it('are not kept from signing in, and learn no more of what is wrong with their tokens', async () => {
    const get = newClient();
    const bearer = async (audience: string) => `Bearer ${await issuer.accessToken({ audience })}`;
    const [good, bad] = await Promise.all([bearer('nmp-platform'), bearer('another-api')]);
    for (let count = 0; count < 3; count++) await get(whoami).set('Authorization', bad).expect(401);
    const { body, headers } = await get(whoami).set('Authorization', bad).expect(429);
    expect(body.code).toBe('too_many_requests');
    expect(headers).not.toHaveProperty('www-authenticate');
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    await get(whoami).expect(429);
    await get(whoami).set('Authorization', good).expect(200);
  });

  it('may not send what is no token for ever, either', async () => {
    const get = newClient();
    for (let count = 0; count < 3; count++) await get(whoami).set('Authorization', 'Bearer a b').expect(400);
    await get(whoami).set('Authorization', 'Bearer a b').expect(429);
  });

  it('are not gateways, which ask for others', async () => {
    const get = newClient();
    for (let count = 0; count < 6; count++) {
      await get('/apis/auth/authenticate').expect(401);
      await get('/apis/auth/ext-authz/apis/x').expect(401);
    }
  });
});

describe('the address of a client', () => {
  it('is what a trusted proxy says, IPv6 addresses by their network', async () => {
    const from = (address: string) => request(limited, discovery).set('X-Forwarded-For', address);
    for (const end of ['1', '2', '3']) await from(`2001:db8:1:2::${end}`).expect(200);
    await from('2001:db8:1:2:ffff::4').expect(429);
    await from('2001:db8:1:3::1').expect(200);
    for (let count = 0; count < 3; count++) await from('192.0.2.1').expect(200);
    await from('198.51.100.1, 192.0.2.1').expect(429);
  });

  it('is that of the connection where the proxy passes on something else', async () => {
    const from = (address: string) => request(limited, discovery).set('X-Forwarded-For', address);
    for (let count = 0; count < 3; count++) await from(`x${count}`).expect(200);
    await from('x9').expect(429);
  });

  it('is not what the client says itself', async () => {
    const from = (address: string) => request(closed, discovery).set('X-Forwarded-For', address);
    for (let count = 0; count < 3; count++) await from(`192.0.2.${count}`).expect(200);
    await from('192.0.2.9').expect(429);
  });
});

describe('pages in browsers', () => {
  const page = 'https://app.example.com';

  it('may read nothing from the start', async () => {
    const { headers } = await request(closed, whoami).set('Origin', page).expect(401);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const preflight = await options(closed, page);
    expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('may read answers, refusals included, where their origin is named', async () => {
    const get = newClient();
    const { headers } = await get(whoami).set('Origin', page).expect(401);
    expect(headers['access-control-allow-origin']).toBe(page);
    expect(headers['access-control-expose-headers']).toContain('WWW-Authenticate');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
    const preflight = await options(limited, page);
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-headers']).toContain('Authorization');

    const stranger = await get(whoami).set('Origin', 'https://evil.example.com').expect(401);
    expect(stranger.headers['access-control-allow-origin']).not.toBe('https://evil.example.com');
  });
});

describe('headers for browsers', () => {
  it.each([discovery, whoami, '/nowhere', '/health', '/%zz'])('are on every answer: %s', async (path) => {
    const { headers } = await newClient()(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('ask for TLS where the service is reached by it', async () => {
    const { headers } = await request(closed, '/health').expect(200);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
  });

  it('let Swagger UI work, and nothing frame it', async () => {
    const { headers } = await request(closed, '/docs').expect(200);
    expect(headers['content-security-policy']).toMatch(/^default-src 'self';/);
    expect(headers['content-security-policy']).toContain(new URL(issuer.issuer).origin);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });
});

async function start(difference: Partial<ExposureConfig>, publicUrl = 'http://localhost:8080') {
  const config = platformConfig(issuer.issuer, { publicUrl });
  return startPlatform({ ...config, exposure: { ...config.exposure, ...difference } });
}

function request(app: NestFastifyApplication, path: string) {
  return ApiCaller.anonymous(app).request('get', path);
}

/** Somebody at an address of their own. */
function newClient() {
  clients += 1;
  const address = `10.0.0.${clients}`;
  return (path: string) => request(limited, path).set('X-Forwarded-For', address);
}

function options(app: NestFastifyApplication, origin: string) {
  return supertest(app.getHttpServer())
    .options(whoami)
    .set({ Origin: origin, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'authorization' });
}
