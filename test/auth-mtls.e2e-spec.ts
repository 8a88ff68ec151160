import { createHash, X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import { connect } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Headers, type INestApplication } from '@nestjs/common';
import { ClientProxyFactory, MessagePattern, Transport } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { AuthModule, type AuthModuleOptions, Principal, Public } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { lastValueFrom } from 'rxjs';
import { type Certificate, selfSignedCertificate } from '../libs/sdk/test/support/certificate.js';
import { adapters, startApp } from './support/http-apps.js';
import { startIssuer } from './support/issuers.js';
import { connectTcp } from './support/message-apps.js';
import { getOverTls, startTlsApp, type TlsApp } from './support/tls-apps.js';

@Controller()
class CallerController {
  @Get()
  caller(@Principal('id') id: string) {
    return { id };
  }

  @Public()
  @Get('open')
  open(@Headers() headers: Record<string, string>) {
    return { names: Object.keys(headers) };
  }

  @Get('headers')
  headers(@Headers() headers: Record<string, string>) {
    return { names: Object.keys(headers) };
  }

  @MessagePattern('caller')
  message(@Principal('id') id: string) {
    return { id };
  }
}

const derOf = ({ cert }: Certificate): Buffer => new X509Certificate(cert).raw;

describe('tokens that are bound to a client certificate', () => {
  let issuer: TestIssuer;
  const mine = selfSignedCertificate('client.example');
  const thiefs = selfSignedCertificate('thief.example');

  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(() => issuer.close());

  const boundTo = (client: Certificate): Promise<string> => {
    const digest = createHash('sha256').update(derOf(client)).digest('base64url');
    return issuer.accessToken({ claims: { cnf: { 'x5t#S256': digest } } });
  };
  const options = (more: Partial<AuthModuleOptions>): AuthModuleOptions => ({
    oidc: { issuer: issuer.issuer, clientId: 'nmp-cli' },
    ...more,
  });
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

  describe.each(adapters)('of a connection to %s', (adapter) => {
    let tls: TlsApp;

    beforeAll(async () => {
      const module = AuthModule.forRoot(options({ publicUrl: 'https://localhost', mtls: { source: 'connection' } }));
      tls = await startTlsApp(adapter, { imports: [module], controllers: [CallerController] });
    });
    afterAll(() => tls.app.close());

    it.each(['TLSv1.2', 'TLSv1.3'] as const)(
      'let their owner in by %s, also when they are remembered',
      async (version) => {
        const token = await boundTo(mine);
        const only = { minVersion: version, maxVersion: version };
        for (let times = 0; times < 2; times++) {
          expect(await getOverTls(tls, '/', bearer(token), mine, only)).toMatchObject({
            status: 200,
            body: { id: 'user-1' },
          });
        }
      },
    );

    it('let their owner in by a session that was resumed', async () => {
      const token = await boundTo(mine);
      const agent = new Agent({ keepAlive: false });
      const only = { agent, maxVersion: 'TLSv1.2' } as const; // resumed at once: of TLS 1.3 the ticket comes later
      expect(await getOverTls(tls, '/', bearer(token), mine, only)).toMatchObject({ status: 200, isResumed: false });
      expect(await getOverTls(tls, '/', bearer(token), mine, only)).toMatchObject({ status: 200, isResumed: true });
      agent.destroy();
    });

    it('let nobody else in: without a certificate, with another, or with a header for one', async () => {
      const token = await boundTo(mine);
      expect((await getOverTls(tls, '/', bearer(token), mine)).status).toBe(200);
      const header = { 'client-cert': `:${derOf(mine).toString('base64')}:` };
      const attempts = [
        getOverTls(tls, '/', bearer(token)),
        getOverTls(tls, '/', bearer(token), thiefs),
        getOverTls(tls, '/', { ...bearer(token), ...header }),
        getOverTls(tls, '/', { ...bearer(token), ...header }, thiefs),
      ];
      for (const { status, body } of await Promise.all(attempts)) {
        expect([status, body.code]).toEqual([401, 'token_claims']);
      }
    });

    it('leave plain ones as they are', async () => {
      const token = await issuer.accessToken();
      expect((await getOverTls(tls, '/', bearer(token))).status).toBe(200);
      expect((await getOverTls(tls, '/', bearer(token), mine)).status).toBe(200);
    });

    it('are spoken of by the metadata of the service', async () => {
      const { body } = await getOverTls(tls, '/.well-known/oauth-protected-resource', {});
      expect(body).toMatchObject({ tls_client_certificate_bound_access_tokens: true });
    });
  });

  describe('of a connection by HTTP/2', () => {
    let tls: TlsApp;

    beforeAll(async () => {
      const module = AuthModule.forRoot(options({ mtls: { source: 'connection' } }));
      tls = await startTlsApp('fastify over HTTP/2', { imports: [module], controllers: [CallerController] });
    });
    afterAll(() => tls.app.close());

    it('let their owner in, and nobody else', async () => {
      const token = await boundTo(mine);
      const statusWith = async (client: Partial<Certificate>): Promise<unknown> => {
        const session = connect(tls.url, { ca: tls.authority, ...client });
        const stream = session.request({ ':path': '/', ...bearer(token) });
        const [{ ':status': status }] = (await once(stream, 'response')) as [{ ':status': number }];
        session.destroy();
        return status;
      };
      expect([await statusWith(mine), await statusWith(thiefs), await statusWith({})]).toEqual([200, 401, 401]);
    });
  });

  describe.each(adapters)('that a gateway writes into a header for %s', (adapter) => {
    const running: INestApplication[] = [];
    const header = { 'X-Client-Cert': encodeURIComponent(mine.cert) };

    afterAll(() => Promise.all(running.map((app) => app.close())));

    async function start(cidrs: string[]): Promise<string> {
      const mtls = { source: 'header', header: 'X-Client-Cert' } as const;
      const { app, url } = await startApp(adapter, {
        imports: [AuthModule.forRoot(options({ mtls, trustedHeaders: { cidrs } }))],
        controllers: [CallerController],
      });
      running.push(app);
      return url;
    }

    it('let their owner in, behind the gateway alone', async () => {
      const token = await boundTo(mine);
      const headers = { ...bearer(token), ...header };
      const [behind, beside] = await Promise.all([start(['127.0.0.0/8']), start(['192.0.2.0/24'])]);
      expect((await fetch(behind, { headers })).status).toBe(200);
      expect((await fetch(behind, { headers: bearer(token) })).status).toBe(401);
      expect((await fetch(beside, { headers })).status).toBe(401);
    });

    it.each(['/headers', '/open'])('are not left to the handler of %s', async (path) => {
      const token = await issuer.accessToken();
      for (const cidrs of ['127.0.0.0/8', '192.0.2.0/24']) {
        const url = await start([cidrs]);
        const response = await fetch(url + path, { headers: { ...bearer(token), ...header, 'X-Other': 'kept' } });
        const { names } = (await response.json()) as { names: string[] };
        expect(names).toContain('x-other');
        expect(names).not.toContain('x-client-cert');
      }
    });
  });

  describe('are refused in messages, which may be passed on', () => {
    it('over a connection with the certificate, beside the data and among them', async () => {
      const { cert, key } = selfSignedCertificate('localhost');
      const module = AuthModule.forRoot(options({ mtls: { source: 'connection' } }));
      const made = await Test.createTestingModule({ imports: [module], controllers: [CallerController] }).compile();
      const service = made.createNestMicroservice({
        transport: Transport.TCP,
        options: {
          host: '127.0.0.1',
          port: 0,
          tlsOptions: { cert, key, requestCert: true, rejectUnauthorized: false },
        },
      });
      await service.listen();
      const { port } = service.unwrap<Server>().address() as AddressInfo; // a TCP server that listens
      const client = ClientProxyFactory.create({
        transport: Transport.TCP,
        options: {
          host: '127.0.0.1',
          port,
          tlsOptions: { ca: cert, servername: 'localhost', ...mine },
          serializer: { serialize: (packet: { data: object }) => ({ ...packet, ...packet.data }) },
        },
      });
      const ask = (data: unknown): Promise<unknown> =>
        lastValueFrom(client.send<unknown>('caller', data)).catch(({ code }: { code: unknown }) => code);
      const sealed = (token: string): object => ({ data: { 'nmp:headers': bearer(token), 'nmp:data': {} } });
      const beside = (token: string): object => ({ metadata: bearer(token) });
      const [bound, plain] = await Promise.all([boundTo(mine), issuer.accessToken()]);
      expect([await ask(sealed(plain)), await ask(beside(plain))]).toEqual([{ id: 'user-1' }, { id: 'user-1' }]);
      expect([await ask(sealed(bound)), await ask(beside(bound))]).toEqual(['token_claims', 'token_claims']);
      client.close();
      await service.close();
    });

    it('with the header of a gateway', async () => {
      const secret = 'sixteen or more characters';
      const trustedHeaders = { cidrs: ['127.0.0.0/8'], secretHeader: 'X-Gateway-Secret', secret };
      const mtls = { source: 'header', header: 'X-Client-Cert' } as const;
      const { app, url } = await startApp('express', {
        imports: [AuthModule.forRoot(options({ mtls, trustedHeaders }))],
        controllers: [CallerController],
      });
      const client = await connectTcp(app);
      const token = await boundTo(mine);
      const headers = { 'X-Gateway-Secret': secret, 'X-Client-Cert': encodeURIComponent(mine.cert) };
      expect((await fetch(url, { headers: { ...bearer(token), ...headers } })).status).toBe(200);
      const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      expect(await client.ask('caller', token, {}, lowerCase)).toMatchObject({ code: 'token_claims' });
      await client.close();
      await app.close();
    });
  });

  it.each<[string, object, RegExp]>([
    ['no source', { mtls: {} }, /mtls\.source must be "connection" or "header"/],
    ['another source', { mtls: { source: 'proxy' } }, /mtls\.source must be/],
    ['an unknown option', { mtls: { source: 'connection', heder: 'x' } }, /mtls\.heder is not a known option/],
    [
      'a header of nobody',
      { mtls: { source: 'header' } },
      /trustedHeaders must be set, since mtls\.source is "header"/,
    ],
    [
      'a header beside the connection',
      { mtls: { source: 'connection', header: 'X-Cert' } },
      /mtls\.header must be left out/,
    ],
    [
      'what is no name of a header',
      { mtls: { source: 'header', header: 'X Cert' }, trustedHeaders: { cidrs: ['127.0.0.1/32'] } },
      /mtls\.header must be a header's name/,
    ],
  ])('stop the start with %s', async (_, more, message) => {
    const starting = startApp('fastify', { imports: [AuthModule.forRoot(options(more))] });
    await expect(starting).rejects.toThrow(message);
  });
});
