import { expect } from '@jest/globals';
import type { Outage } from '@nmp/auth/testing';
import { unavailable } from '../answers.js';
import type { Row } from '../prove.js';
import type { Stage, StageSetting } from '../stage.js';
import { introspecting } from './introspection-answers.js';

const setting: StageSetting = { options: introspecting };
const impatient: StageSetting = { options: { ...introspecting, httpTimeoutMs: 2000 } };
const json = { 'content-type': 'application/json' };
const good = '{"active":true,"token_type":"Bearer","sub":"user-1","aud":"nmp-cli"}';

/** How the endpoint fails, none of which says anything about the token. */
const outages: [string, Outage][] = [
  ['knows no client of ours (401)', { status: 401, body: '{"error":"invalid_client"}', headers: json }],
  ['does not let us ask (403)', { status: 403, body: '{}', headers: json }],
  ['does not understand us (400)', { status: 400, body: '{"error":"invalid_request"}', headers: json }],
  ['fails (500)', { status: 500 }],
  ['is overloaded (503), in its own words', { status: 503, body: good, headers: json }],
  ['answers 201', { status: 201, body: good, headers: json }],
  ['sends us elsewhere', { status: 302, headers: { location: 'http://169.254.169.254/' } }],
  ['answers 200 with nothing', { status: 200, headers: json }],
  ['answers with a page', { status: 200, body: '<!doctype html>', headers: { 'content-type': 'text/html' } }],
  ['answers with half of it', { status: 200, body: good.slice(0, -1), headers: json }],
  ['answers with a list', { status: 200, body: `[${good}]`, headers: json }],
  ['answers with null', { status: 200, body: 'null', headers: json }],
  ['answers with the word true', { status: 200, body: 'true', headers: json }],
  ['answers without saying that it is JSON', { status: 200, body: good }],
  [
    'answers with a JWT that nobody signed',
    {
      status: 200,
      body: [{ alg: 'none', typ: 'token-introspection+jwt' }, { token_introspection: JSON.parse(good) as object }, '']
        .map((part) => (part === '' ? '' : Buffer.from(JSON.stringify(part)).toString('base64url')))
        .join('.'),
      headers: { 'content-type': 'application/token-introspection+jwt' },
    },
  ],
  ['answers at length', { status: 200, body: `{"active":true,"x":"${'x'.repeat(66_000)}"}`, headers: json }],
  ['breaks the connection', 'refuse'],
  ['never answers', 'hang'],
];

/** The introspection endpoint is not to be had, or does not want to talk to us. */
export const introspectionEndpointRows: Row[] = [
  ...outages.map(([what, outage]): Row => ({
    id: 'I02',
    what: `the endpoint ${what}`,
    setting: outage === 'hang' ? impatient : setting,
    attack: async (stage) => {
      stage.issuer.introspection.fail(outage);
      const token = stage.issuer.opaqueToken();
      await stage.expect(token, unavailable);
      const { headers } = await stage.ask(token);
      expect(Object.fromEntries(headers)).toMatchObject({ 'retry-after': expect.stringMatching(/^[1-9]\d*$/) });
      expect(stage.lines.join('\n')).toMatch(/issuer_unavailable: .* cannot be asked about tokens/);
      expect(stage.lines.join('\n')).not.toContain('the-secret-of-nmp-api');
      stage.issuer.introspection.recover();
      stage.lines.length = 0;
    },
    answer: unavailable,
    neighbour: async (stage) => {
      const known = stage.issuer.opaqueToken();
      await stage.expect(known, { status: 200 });
      stage.issuer.introspection.fail(outage);
      await stage.expect(known, { status: 200 });
      stage.issuer.introspection.recover();
      return known;
    },
  })),
  {
    id: 'I02',
    what: 'credentials that are no good are told apart in the log',
    setting,
    attack: async (stage) => {
      stage.issuer.introspection.fail({ status: 401 });
      await stage.expect(stage.issuer.opaqueToken(), unavailable);
      expect(stage.lines.join('\n')).toContain('it does not let the client nmp-api ask');
      stage.issuer.introspection.recover();
    },
    answer: unavailable,
    neighbour: (stage) => stage.issuer.opaqueToken(),
  },
  {
    id: 'I02',
    what: 'a discovery document that names no endpoint',
    setting: { ...setting, issuer: { metadata: { introspection_endpoint: undefined } } },
    attack: (stage) => stage.issuer.opaqueToken(),
    answer: unavailable,
  },
  {
    id: 'I02',
    what: 'a discovery document that names one without https, on another machine',
    setting: { ...setting, issuer: { metadata: { introspection_endpoint: 'http://idp.example.com/introspect' } } },
    attack: async (stage) => {
      await stage.expect(stage.issuer.opaqueToken(), unavailable);
      expect(stage.lines.join('\n')).toContain('has no https introspection_endpoint');
    },
    answer: unavailable,
  },
  {
    id: 'I02',
    what: 'a flood of invented tokens: only so many questions are under way, and the rest is told so',
    // As much patience as a busy machine can want.
    setting: {
      options: { ...introspecting, httpTimeoutMs: 100_000, oidc: { ...introspecting.oidc, opaqueTokenConcurrency: 2 } },
    },
    attack: flood,
    answer: unavailable,
    neighbour: (stage) => stage.issuer.opaqueToken(),
  },
];

/** 2 under way and 20 waiting: the others are sent away at once, while the endpoint takes its time. */
async function flood(stage: Stage): Promise<void> {
  const { introspection } = stage.issuer;
  const before = introspection.requests.length;
  const release = introspection.hold();
  const early: number[] = [];
  const all = Array.from({ length: 100 }, async (_, at) => {
    const { status } = await stage.ask(`invented.${at}`);
    early.push(status);
    if (early.length < 78) return;
    if (early.length === 78)
      expect([early.every((seen) => seen === 503), introspection.requests.length]).toEqual([true, before + 2]);
    release();
  });
  await Promise.all(all);
  expect(early.slice(78)).toEqual(Array.from({ length: 22 }, () => 401));
  expect(introspection.requests).toHaveLength(before + 22);
}
