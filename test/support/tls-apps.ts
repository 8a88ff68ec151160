import { request as httpsRequest, type RequestOptions } from 'node:https';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { INestApplication } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { type Certificate, selfSignedCertificate } from '../../libs/sdk/test/support/certificate.js';
import type { AdapterName, AppParts } from './http-apps.js';
import { watchedLogger } from './leaks/watched-output.js';

/** An application that ends TLS itself, and asks clients for a certificate without minding who signed it. */
export interface TlsApp {
  readonly app: INestApplication;
  readonly url: string;
  /** The certificate of the server, in PEM form. */
  readonly authority: string;
}

/** Starts an application with TLS on a free port. */
export async function startTlsApp(
  adapter: AdapterName | 'fastify over HTTP/2',
  { imports, controllers = [] }: AppParts,
): Promise<TlsApp> {
  const { cert, key } = selfSignedCertificate('localhost');
  const https = { cert, key, requestCert: true, rejectUnauthorized: false };
  const module = await Test.createTestingModule({ imports, controllers }).compile();
  const app =
    adapter === 'express'
      ? module.createNestApplication(new ExpressAdapter(), { httpsOptions: https, logger: watchedLogger })
      : module.createNestApplication<NestFastifyApplication>(
          adapter === 'fastify' ? new FastifyAdapter({ https }) : new FastifyAdapter({ http2: true, https }),
          { logger: watchedLogger },
        );
  await app.listen(0, '127.0.0.1');
  const { port } = new URL(await app.getUrl());
  return { app, url: `https://localhost:${port}`, authority: cert };
}

/** Sends a GET over TLS, with a certificate of the client if one is given. */
export async function getOverTls(
  { url, authority }: TlsApp,
  path: string,
  headers: Record<string, string>,
  client?: Certificate,
  options: RequestOptions = {},
): Promise<{ status: number | undefined; body: Record<string, unknown>; isResumed: boolean }> {
  const request = httpsRequest(url + path, { ca: authority, ...client, headers, agent: false, ...options });
  let isResumed = false;
  request.on('socket', (socket) => {
    socket.once(
      'secureConnect',
      () => (isResumed = (socket as { isSessionReused?(): boolean }).isSessionReused?.() ?? false),
    );
  });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const body = JSON.parse(await text(response)) as Record<string, unknown>;
  return { status: response.statusCode, body, isResumed };
}
