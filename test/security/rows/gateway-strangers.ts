import type { NestExpressApplication } from '@nestjs/platform-express';
import { noCredentials } from '../answers.js';
import { bySecret, farAway, id, lines, proof, scopes, email, secret, told } from '../gateway.js';
import type { Row } from '../prove.js';

/** What a stranger may write to seem to come from the gateway. */
const claimed = [
  'X-Forwarded-For: 10.0.0.1',
  'Forwarded: for=10.0.0.1',
  'X-Real-IP: 10.0.0.1',
  'True-Client-IP: 10.0.0.1',
  'CF-Connecting-IP: 10.0.0.1',
  'Via: 1.1 gateway',
];

/** Who is not the gateway, and what opens no door. */
export const strangerRows: Row[] = [
  {
    id: 'G01',
    what: 'an identity that no gateway was configured to send',
    attack: () => [lines(id), lines(id, email, scopes), lines(id, proof)],
    answer: noCredentials,
    neighbour: async (stage) => ({ token: await stage.token(), lines: [id], told: { id: 'user-1' } }),
  },
  {
    id: 'G01',
    what: 'an identity from elsewhere than the gateway',
    setting: farAway,
    attack: () => [lines(id, proof), lines(id, proof, ...claimed), { ...lines(id, proof), path: '/optional-orders' }],
    answer: noCredentials,
    neighbour: async (stage) => [
      { token: await stage.token(), lines: [id, proof], told: { id: 'user-1' } },
      { path: '/optional', lines: [id, proof], told: { kind: 'anonymous', id: '' } },
    ],
  },
  {
    id: 'G01',
    what: "an identity without the gateway's secret, or with another",
    setting: bySecret,
    attack: () => [
      lines(id),
      ...['', secret.slice(1), `${secret}x`, secret.toUpperCase(), `Bearer ${secret}`, `${secret},${secret}`].map(
        (sent) => lines(id, `X-Gateway: ${sent}`),
      ),
      lines(id, proof, proof),
      lines(proof),
    ],
    answer: noCredentials,
    neighbour: () => ({ lines: [id, proof], told }),
  },
  {
    id: 'G05',
    what: "the gateway's address in a header: the peer of the socket counts",
    setting: farAway,
    attack: () => [
      ...claimed.map((line) => lines(id, proof, line)),
      lines(id, proof, 'X-Forwarded-For: 10.0.0.1, 127.0.0.1'),
      lines(id, proof, 'PROXY: TCP4 10.0.0.1'),
      { ...lines(id, proof, 'Host: 10.0.0.1') },
    ],
    answer: noCredentials,
    neighbour: async (stage) => ({ token: await stage.token(), lines: claimed }),
  },
  {
    id: 'G05',
    what: 'the same where the application trusts its proxy for other purposes',
    setting: {
      ...farAway,
      configure: (app) => {
        const express = app as NestExpressApplication; // by the check
        if (app.getHttpAdapter().getType() === 'express') express.set('trust proxy', true);
      },
    },
    attack: () => [lines(id, proof, ...claimed), lines(id, proof, 'X-Forwarded-For: 10.0.0.1')],
    answer: noCredentials,
  },
  {
    id: 'G08',
    what: 'no exemption by path, user agent, method, host or peer',
    attack: () => [
      ...['kube-probe/1.30', 'GoogleHC/1.0', 'ELB-HealthChecker/2.0', 'Prometheus/3.0'].map((agent) =>
        lines(`User-Agent: ${agent}`),
      ),
      ...['HEAD', 'OPTIONS', 'PROPFIND', 'TRACE', 'POST'].map((method) => ({ method, path: '/' })),
      lines('Host: localhost'),
      lines('X-Original-URL: /open'),
      lines('X-Rewrite-URL: /open'),
      lines('X-HTTP-Method-Override: OPTIONS'),
    ],
    answer: { status: [401, 404, 405] },
    neighbour: () => ({ path: '/open', lines: ['User-Agent: kube-probe/1.30'] }),
  },
  {
    id: 'G08',
    what: 'paths of health checks are closed like any other',
    attack: () => ['/health', '/healthz', '/ready', '/metrics', '/ping', '/oauth2/auth'].map((path) => ({ path })),
    answer: { status: [401, 404] },
    neighbour: () => ({ path: '/open' }),
  },
];
