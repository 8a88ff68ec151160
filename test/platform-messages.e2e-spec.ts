import { credentials, loadPackageDefinition, Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { answerMessages, protoFile } from '../src/messages/message-servers.factory.js';
import { startIssuer } from './support/issuers.js';
import { freePort } from './support/free-port.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

type Call = (
  request: object,
  metadata: Metadata,
  callback: (error: ServiceError | null, reply: object) => void,
) => unknown;

interface AuthService {
  Authenticate: Call;
  Authorize: Call;
  close(): void;
}

describe('the platform asked by gRPC', () => {
  let issuer: TestIssuer;
  let app: NestFastifyApplication;
  let service: AuthService;

  beforeAll(async () => {
    issuer = await startIssuer();
    const port = await freePort();
    app = await startPlatform(
      platformConfig(issuer.issuer, {
        messaging: { grpc: { host: '127.0.0.1', port } },
        hopTokens: { audiences: ['models'], lifeSeconds: 60 },
      }),
    );
    await answerMessages(app);
    service = connect(port);
  });

  afterAll(async () => {
    service.close();
    await app.close();
    await issuer.close();
  });

  const ask = async (method: 'Authenticate' | 'Authorize', request: object, token?: string): Promise<object> => {
    const metadata = new Metadata();
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
    return new Promise((resolve) => {
      service[method](request, metadata, (error, reply) => resolve(error ? refusalOf(error) : reply));
    });
  };

  const tokenOf = (email: string, more: object = {}): Promise<string> =>
    issuer.accessToken({ audience: 'nmp-platform', subject: email.split('@')[0] ?? '', email, ...more });

  it('says who the caller is, as the gateway is told', async () => {
    const token = await tokenOf('alice@example.com', { groups: ['team-ml'], scope: 'openid platform:read' });
    expect(await ask('Authenticate', {}, token)).toMatchObject({
      principal: 'alice',
      email: 'alice@example.com',
      groups: ['team-ml'],
      scopes: ['openid', 'platform:read'],
      token_kind: 'oidc_access_token',
      headers: {
        'X-NMP-Principal-Id': 'alice',
        'X-NMP-Principal-Email': 'alice@example.com',
        'X-NMP-Principal-Groups': 'team-ml',
      },
    });
  });

  it('gives a hop token for a service that is configured, and for no other', async () => {
    const token = await tokenOf('alice@example.com');
    const answer = await ask('Authenticate', { hop_audience: 'models' }, token);
    expect(answer).toMatchObject({ principal: 'alice', hop_token: expect.stringMatching(/^eyJ/) });
    expect(answer).not.toHaveProperty('headers');
    expect(await ask('Authenticate', { hop_audience: 'payroll' }, token)).toEqual({
      code: 3,
      error: 'malformed_request',
      details: expect.stringContaining('hop_tokens.audiences'),
    });
  });

  it('says what the caller may do, from one moment to the next', async () => {
    const admin = await ApiCaller.signedIn(app, issuer, { subject: 'admin', email: 'admin@example.com' });
    await admin.workspaces('post', '', { name: 'reports' }).expect(201);
    const bob = await tokenOf('bob@example.com');
    const question = { permissions: ['workspaces.read'], workspace: 'reports' };
    expect(await ask('Authorize', question, bob)).toEqual({ allowed: false });
    await admin
      .workspaces('post', '/reports/members', { principal: 'bob@example.com', roles: ['Viewer'] })
      .query({ wait_role_propagation: true })
      .expect(201);
    expect(await ask('Authorize', question, bob)).toEqual({ allowed: true });
    expect(await ask('Authorize', { ...question, permissions: ['workspaces.delete'] }, bob)).toEqual({
      allowed: false,
    });
    expect(await ask('Authorize', { permissions: ['iam.read'] }, bob)).toEqual({ allowed: false });
  });

  it.each([
    ['no token', undefined, { code: 16, error: 'missing_token' }],
    ['a token of another audience', { audience: 'other' }, { code: 16, error: 'token_audience' }],
    ['a token that has expired', { expiresInSeconds: -600 }, { code: 16, error: 'token_expired' }],
  ])('refuses %s', async (_name, odd, expected) => {
    const token = odd && (await tokenOf('alice@example.com', odd));
    for (const method of ['Authenticate', 'Authorize'] as const) {
      expect(await ask(method, { permissions: ['workspaces.read'] }, token)).toMatchObject(expected);
    }
  });

  it.each([
    [{}, 'permissions must be a list'],
    [{ permissions: ['a b'] }, 'permissions must be a list'],
    [{ permissions: ['workspaces'] }, '"workspaces" is not a permission'],
    [{ permissions: ['workspaces.read'], workspace: 'x'.repeat(300) }, 'workspace must be the name'],
  ])('refuses the question %j', async (question, detail) => {
    const answer = await ask('Authorize', question, await tokenOf('alice@example.com'));
    expect(answer).toEqual({ code: 3, error: 'malformed_request', details: expect.stringContaining(detail) });
  });
});

function refusalOf({ code, details, metadata }: Partial<StatusObject>): object {
  return { code, error: metadata?.get('nmp-error-code')[0], details };
}

function connect(port: number): AuthService {
  const definition = loadPackageDefinition(loadSync(protoFile, { keepCase: true, arrays: true }));
  const { Auth } = (definition as unknown as { nmp: { auth: { v1: { Auth: AuthClient } } } }).nmp.auth.v1; // by the file
  return new Auth(`127.0.0.1:${port}`, credentials.createInsecure());
}

type AuthClient = new (address: string, channel: ReturnType<typeof credentials.createInsecure>) => AuthService;
