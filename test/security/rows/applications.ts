import { connect } from 'node:http2';
import { once } from 'node:events';
import { expect } from '@jest/globals';
import { Controller, type DynamicModule, Get, Inject, Module, Req, type Type, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import * as auth from '@nmp/auth';
import { AuthModule, Principal } from '@nmp/auth';
import * as testing from '@nmp/auth/testing';
import { accepted, invalid, noCredentials, refusedAtBootstrap } from '../answers.js';
import { startHttp2App } from '../http2-app.js';
import type { Row } from '../prove.js';
import { HandlerCalls, StageController } from '../stage.controller.js';

/** Guarded once more, by the strategy's name. */
@Controller('guarded')
@UseGuards(AuthGuard('jwt'))
class GuardedController {
  constructor(@Inject(HandlerCalls) private readonly calls: HandlerCalls) {}

  @Get()
  read(@Principal() principal: Principal, @Req() request: { user?: unknown }) {
    this.calls.note();
    return { id: principal.id, isOne: request.user === principal };
  }
}

/** Does something as it would be done where callers are real. */
function inProduction(act: () => void): void {
  const { NODE_ENV: environment } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    act();
  } finally {
    process.env.NODE_ENV = environment;
  }
}

/** A module that imports the definition it is given. */
function importing(definition: Type | DynamicModule): Type {
  @Module({ imports: [definition] })
  class FeatureModule {}
  return FeatureModule;
}

/** Requests over HTTP/2, one after another, and the statuses they get. */
async function http2Statuses(url: string, authorizations: (string | undefined)[]): Promise<number[]> {
  const session = connect(url);
  const statuses: number[] = [];
  for (const authorization of authorizations) {
    const stream = session.request({ ':path': '/', ...(authorization !== undefined && { authorization }) });
    const [headers] = (await once(stream, 'response')) as [{ ':status'?: number }];
    statuses.push(headers[':status'] ?? 0);
    stream.resume();
    await once(stream, 'close');
  }
  session.close();
  return statuses;
}

const incomplete: [object, RegExp][] = [
  [{}, /oidc\.issuer must be set/],
  [{ oidc: {} }, /oidc\.issuer must be set/],
  [{ oidc: { clientId: 'nmp-cli' } }, /oidc\.issuer must be set/],
  [{ oidc: { issuer: 'https://idp.example.com' } }, /oidc\.clientId must be set/],
];

/** How applications are put together. */
export const applicationRows: Row[] = [
  {
    id: 'N09',
    what: 'guarded twice, globally and at the controller: verified once, and the principal is one',
    setting: { controllers: [StageController, GuardedController] },
    attack: () => ({ path: '/guarded' }),
    answer: noCredentials,
    neighbour: async (stage) => ({ path: '/guarded', token: await stage.token(), told: { id: 'user-1', isOne: true } }),
  },
  {
    id: 'N09',
    what: 'the module imported by two modules: a bad token is refused all the same, a good one accepted',
    setting: { imports: (definition) => [importing(definition)] },
    attack: (stage) => [stage.token({ audience: 'other' }), stage.token({ audience: [] })],
    answer: invalid('audience'),
  },
  {
    id: 'N09',
    what: 'the module imported again by a module of its own: one guard, one verdict',
    setting: { imports: () => [importing(AuthModule)] },
    attack: (stage) => [stage.token({ audience: 'other' })],
    answer: invalid('audience'),
    neighbour: (stage) => stage.token(),
  },
  {
    id: 'N11',
    what: 'requests of two issuers and many subjects at once: each sees itself alone',
    prepare: async (_issuer, stage) => {
      const stranger = await stage.stranger();
      return { options: { oidc: { additionalIssuers: [{ issuer: stranger.issuer, audience: 'other' }] } } };
    },
    attack: async (stage) => {
      const issuers = [stage.issuer, ...stage.strangers];
      const asked = Array.from({ length: 100 }, async (_, at) => {
        const issuer = issuers[at % 2];
        const audience = at % 2 === 0 ? 'nmp-cli' : 'other';
        const token = (await issuer?.accessToken({ subject: `user-${at % 10}`, groups: [`g-${at}`], audience })) ?? '';
        const { body } = await stage.ask(token);
        expect(JSON.parse(body)).toMatchObject({ id: `user-${at % 10}`, groups: [`g-${at}`], issuer: issuer?.issuer });
      });
      await Promise.all(asked);
      return stage.strangers.map((stranger) => stranger.accessToken({ audience: 'nmp-cli' }));
    },
    answer: invalid('audience'),
    neighbour: (stage) => [stage.token(), ...stage.strangers.map((by) => by.accessToken({ audience: 'other' }))],
  },
  {
    id: 'N12',
    what: 'options that say nothing, too little, or something unknown: refused at bootstrap, with their names',
    attack: async (stage) => {
      const oidc = { issuer: stage.issuer.issuer, clientId: 'nmp-cli' };
      for (const [options, message] of incomplete) await stage.expectNoStart(options, message);
      for (const empty of ['', ' ', null]) {
        await stage.expectNoStart({ oidc: { ...oidc, issuer: empty } }, /oidc\.issuer must/);
        await stage.expectNoStart({ oidc: { ...oidc, clientId: empty } }, /oidc\.clientId must/);
        await stage.expectNoStart({ oidc: { ...oidc, audience: empty } }, /oidc\.audience must/);
      }
      await stage.expectNoStart({ oidc: { ...oidc, issuer: undefined } }, /oidc\.issuer must be set/);
      await stage.expectNoStart({ oidc: { ...oidc, issuer: 'undefined' } }, /oidc\.issuer must be/);
      await stage.expectNoStart({ oidc, algorithms: [] }, /algorithms must/);
      await stage.expectNoStart({ oidc, algoritms: ['ES256'] }, /algoritms is not a known option/);
      await stage.expectNoStart({ oidc: { ...oidc, audiance: 'x' } }, /oidc\.audiance is not a known option/);
      await stage.expectNoStart({ oidc, enabled: 'false' }, /enabled must be true or false/);
      await stage.expectNoStart({ oidc: { ...oidc, verifyAudience: 'no' } }, /verifyAudience must be true or false/);
    },
    answer: refusedAtBootstrap,
  },
  {
    id: 'N13',
    what: 'names of headers in any letter case',
    attack: async (stage) => {
      const token = await stage.token({ audience: 'other' });
      return ['authorization', 'AUTHORIZATION', 'aUTHORIZATION'].map((name) => ({
        lines: [`${name}: Bearer ${token}`],
      }));
    },
    answer: invalid('audience'),
    neighbour: async (stage) => {
      const token = await stage.token();
      return ['authorization', 'AUTHORIZATION', 'aUTHORIZATION'].map((name) => ({
        lines: [`${name}: Bearer ${token}`],
      }));
    },
  },
  {
    id: 'N13',
    what: 'the same verdicts over HTTP/2, where the adapter speaks it',
    attack: async (stage) => {
      if (stage.adapter !== 'fastify') return;
      const { app, url } = await startHttp2App(stage.clock, stage.issuer.issuer);
      const [good, bad] = [await stage.token(), await stage.token({ audience: 'other' })];
      const sent = [undefined, 'Bearer', `Bearer  ${good}`, `Bearer ${bad}`, `Bearer ${good}`, `bearer ${good}`];
      expect(await http2Statuses(url, sent)).toEqual([401, 400, 400, 401, 200, 200]);
      await app.close();
    },
    answer: accepted,
  },
  {
    id: 'N14',
    what: 'what is for tests is no part of the module, opens no application, and refuses to be where callers are real',
    attack: async (stage) => {
      expect(Object.keys(testing).toSorted()).toEqual([
        'ProofKey',
        'SigningKey',
        'StaticPolicyDecisionPoint',
        'TestCallers',
        'TestEndpoint',
        'TestIssuer',
        'asPrincipal',
        'authTestingConfig',
        'authTestingModule',
        'signJws',
      ]);
      expect(Object.keys(auth).filter((name) => name in testing)).toEqual([]);
      inProduction(() => {
        expect(() => testing.authTestingModule()).toThrow('NODE_ENV is production');
        expect(() => testing.SigningKey.generateSync()).toThrow('NODE_ENV is production');
      });
      for (const name of ['testing', 'skipVerification', 'mock', 'dev', 'allowUnsigned']) {
        const oidc = { issuer: stage.issuer.issuer, clientId: 'nmp-cli' };
        await stage.expectNoStart({ oidc, [name]: true }, new RegExp(`${name} is not a known option`));
      }
    },
    answer: refusedAtBootstrap,
  },
];
