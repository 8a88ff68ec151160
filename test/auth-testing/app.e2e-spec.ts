import { afterAll, beforeAll, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuthConfig, Clock, PolicyDecisionPoint } from '@nmp/auth';
import { asPrincipal, authTestingConfig, StaticPolicyDecisionPoint } from '@nmp/auth/testing';
import request from 'supertest';
import { AppModule } from './app.module.js';

let app: INestApplication;
const alice = { email: 'alice@example.com', scopes: ['reports:write'] };
const editor = { ...alice, groups: ['editors'] };
const decisions = new StaticPolicyDecisionPoint({ 'group:editors': { ml: ['reports.delete'] } });

beforeAll(async () => {
  const module = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(AuthConfig)
    .useFactory(authTestingConfig())
    .overrideProvider(PolicyDecisionPoint)
    .useValue(decisions)
    .overrideProvider(Clock)
    .useValue({ now: () => new Date('2030-01-01T00:00:00Z') })
    .compile();
  app = await module.createNestApplication().init();
});
afterAll(() => app.close());

it('lets editors of a workspace remove its reports', async () => {
  const remove = (workspace: string) => request(app.getHttpServer()).delete(`/workspaces/${workspace}/reports`);
  const by = { by: 'id-of-alice@example.com', issuer: 'https://idp.example.com/realms/acme' };
  await remove('ml').use(asPrincipal(alice)).expect(403);
  await remove('vision').use(asPrincipal(editor)).expect(403);
  await remove('ml').use(asPrincipal(editor)).expect(200, by);
});
