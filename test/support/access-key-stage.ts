import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect } from '@jest/globals';
import type { AccessTokenInput, TestIssuer } from '@nmp/auth/testing';
import { eq } from 'drizzle-orm';
import supertest from 'supertest';
import type { ExchangeRule } from '../../src/config/exchange-rule.js';
import { Database } from '../../src/storage/database.js';
import { accessKeys } from '../../src/storage/schema.js';
import { startIssuer } from './issuers.js';
import { ApiCaller, type Method, platformConfig, startPlatform } from './platform.js';

export const KEYS = '/apis/auth/v2/access-keys';
export const AUTHENTICATE = '/apis/auth/authenticate';
export const WORKSPACES = '/apis/entities/v2/workspaces';
const settings = { audience: 'keys', defaultLifeSeconds: 86_400, maxLifeSeconds: 604_800, maxPerOwner: 5 };
const secret = 'the-secret-of-the-gateway';

/** A platform with access keys, hop tokens and workload tokens, its issuer, and people who make keys. */
export class AccessKeyStage {
  private people = 0;

  private constructor(
    readonly issuer: TestIssuer,
    readonly app: NestFastifyApplication,
  ) {}

  static async start(): Promise<AccessKeyStage> {
    const issuer = await startIssuer();
    const rule: ExchangeRule = {
      name: 'everything',
      issuer: issuer.issuer,
      jwksUri: undefined,
      discoveryUrl: undefined,
      audience: 'nmp-platform',
      subject: undefined,
      claims: { iss: issuer.issuer },
      principal: { id: 'job', email: undefined, groups: [] },
      scopes: ['platform:write'],
      lifeSeconds: 300,
    };
    const { auth, ...config } = platformConfig(issuer.issuer);
    const app = await startPlatform({
      ...config,
      auth: {
        ...auth,
        serviceClients: [{ issuer: issuer.issuer, clientId: 'nmp-jobs', name: 'jobs' }],
        trustedHeaders: { secretHeader: 'x-gateway-secret', secret },
      },
      accessKeys: settings,
      hopTokens: { audiences: ['models'], lifeSeconds: 60 },
      tokenExchange: { audience: 'workloads', rules: [rule] },
    });
    return new AccessKeyStage(issuer, app);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.issuer.close();
  }

  /** As the gateway proves itself. */
  get proof(): Record<string, string> {
    return { 'x-gateway-secret': secret };
  }

  async signedIn(name: string, input: AccessTokenInput = {}): Promise<ApiCaller> {
    return ApiCaller.signedIn(this.app, this.issuer, { subject: name, email: `${name}@example.com`, ...input });
  }

  /** Somebody new, who has no keys. */
  async somebody(input: AccessTokenInput = {}) {
    this.people += 1;
    const name = `person-${this.people}`;
    const token = await this.issuer.accessToken({ audience: 'nmp-platform', subject: name });
    return { name, workspace: `of-${name}`, token, caller: await this.signedIn(name, input) };
  }

  async made(caller: ApiCaller, wanted: object = {}): Promise<{ key: string; jti: string }> {
    const { body } = await caller
      .request('post', KEYS, { name: 'ci', scopes: ['platform:read'], ...wanted })
      .expect(201);
    return { key: body.access_key, jti: body.jti };
  }

  send(token: string, method: Method, path: string, body?: object): supertest.Test {
    const request = supertest(this.app.getHttpServer())[method](path).set('Authorization', `Bearer ${token}`);
    return body === undefined ? request : request.send(body);
  }

  /** Refused by every way in, with the words of each. */
  async refused(key: string): Promise<void> {
    expect((await this.send(key, 'get', AUTHENTICATE).expect(401)).body.detail).toBe('Invalid bearer token');
    expect((await this.send(key, 'get', `/apis/auth/ext-authz${WORKSPACES}`).expect(401)).body.detail).toBe(
      'Invalid bearer token',
    );
    const { body } = await this.send(key, 'get', WORKSPACES).expect(401);
    expect(body).toMatchObject({ code: 'token_revoked', detail: expect.stringMatching(/^Invalid or expired token/) });
  }

  database(): Database {
    return this.app.get<Database>(Database, { strict: false });
  }

  /** Sets the clock of one key back. */
  async expire(jti: string, agoMs = 1000): Promise<void> {
    const expiresAt = new Date(Date.now() - agoMs);
    await this.database().update(accessKeys).set({ expiresAt }).where(eq(accessKeys.jti, jti));
  }

  async lastUse(jti: string): Promise<Date | null | undefined> {
    const [row] = await this.database().select().from(accessKeys).where(eq(accessKeys.jti, jti));
    return row?.lastUsedAt;
  }
}
