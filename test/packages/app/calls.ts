import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { TestIssuer } from '@nmp/auth/testing';
import { AppModule } from './app.module.js';

/** Starts the application, on Express or on what it is given, beside a test issuer and calls it in every way that matters. */
export async function callEverything(adapter?: AbstractHttpAdapter): Promise<Record<string, unknown>> {
  const issuer = await TestIssuer.start({ clientId: 'nmp-cli', audience: 'nmp-platform' });
  const module = AppModule.withIssuer(issuer.issuer);
  const options = { logger: ['error' as const] };
  const app = await (adapter ? NestFactory.create(module, adapter, options) : NestFactory.create(module, options));
  try {
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const alice = { email: 'alice@example.com', scope: 'platform:read platform:write' };
    const readOnly = await issuer.accessToken({ ...alice, scope: 'platform:read' });
    return {
      open: await call(`${url}/health`),
      withoutToken: await call(`${url}/items`),
      withToken: await call(`${url}/items`, await issuer.accessToken(alice)),
      expired: await call(`${url}/items`, await issuer.accessToken({ ...alice, expiresInSeconds: -3600 })),
      readOnly: await call(`${url}/items`, readOnly, 'POST'),
    };
  } finally {
    await app.close();
    await issuer.close();
  }
}

/** What `callEverything` must give. */
export const expectedAnswers: Record<string, unknown> = {
  open: { status: 200, challenge: null, body: { status: 'ok' } },
  withoutToken: { status: 401, challenge: 'Bearer', code: 'missing_token' },
  withToken: { status: 200, challenge: null, body: { owner: 'alice@example.com' } },
  expired: { status: 401, challenge: 'invalid_token', code: 'token_expired' },
  readOnly: { status: 403, challenge: 'insufficient_scope', code: 'insufficient_scope' },
};

async function call(url: string, token?: string, method = 'GET') {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { method, headers });
  const header = response.headers.get('www-authenticate');
  const challenge = header === null ? null : (/error="([^"]+)"/.exec(header)?.[1] ?? header.split(' ')[0]);
  const body = (await response.json()) as { code?: string };
  return { status: response.status, challenge, ...(body.code === undefined ? { body } : { code: body.code }) };
}
