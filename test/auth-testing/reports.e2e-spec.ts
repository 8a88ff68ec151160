import { afterAll, beforeAll, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { asPrincipal, authTestingModule } from '@nmp/auth/testing';
import request from 'supertest';
import { ReportsModule } from './reports.module.js';

let app: INestApplication;
const alice = asPrincipal({ email: 'alice@example.com', scopes: ['reports:read'], groups: ['team-ml'] });
const bob = asPrincipal({ email: 'bob@example.com', scopes: ['files:read'] });

beforeAll(async () => {
  const module = await Test.createTestingModule({ imports: [authTestingModule(), ReportsModule] }).compile();
  app = await module.createNestApplication().init();
});
afterAll(() => app.close());

it('shows reports to those who may read them', async () => {
  const shown = { reader: 'alice@example.com', groups: ['team-ml'] };
  const reports = () => request(app.getHttpServer()).get('/reports');
  await reports().expect(401);
  await reports().use(bob).expect(403);
  await reports().use(alice).expect(200, shown);
});
