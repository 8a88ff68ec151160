import { lookup } from 'node:dns/promises';
import type { IncomingMessage, RequestListener } from 'node:http';
import { HttpException, Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from './error-body.js';
import { defaultHttpLimits, type HttpLimits } from './http-limits.js';
import { HttpServers } from './http-servers.js';
import { loggedPath } from './logged-path.js';
import { headProblem } from './request-head.js';
import { UnreadBody } from './unread-body.js';

// Longer than any name: a name that is too long is answered by its rule, not by the router.
const MAX_PARAMETER_LENGTH = 2_048;

/**
 * The HTTP server: request ids on every answer, one log line per request, errors of the router in the usual shape, time
 * limits, and bodies that are not read before a guard has let the request pass.
 */
export class HttpServerAdapter extends FastifyAdapter {
  private readonly servers: HttpServers;

  constructor(difference: Partial<HttpLimits> = {}) {
    const limits = { ...defaultHttpLimits, ...difference };
    const logger = new Logger('Http');
    const servers = new HttpServers(limits, (line) => logger.log(line));
    super({
      genReqId: (request: IncomingMessage) => servers.requestId(request),
      serverFactory: (handler: RequestListener) => servers.create(handler),
      routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
      return503OnClosing: false, // whoever is still connected is served; new connections are not taken
      // What the router refuses reaches no hook and no filter.
      frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
        const body = errorBody(error.statusCode ?? 400, routerRefusals[error.code] ?? 'The URL cannot be served');
        void reply.code(body.statusCode).header('x-request-id', request.id).send(body);
        logger.log(requestLine(request, reply));
      },
    });
    this.servers = servers;
    this.prepare(limits, logger);
  }

  /** Listens at every address of the host name, where the application listens at one of them already. */
  async listenAtAll(host: string): Promise<void> {
    const found = await lookup(host, { all: true });
    await this.servers.listenBeside(found.map(({ address }) => address));
  }

  /** There is but one kind of body: what Nest would add also takes forms, and reads them as objects. */
  override registerParserMiddleware(): void {}

  private prepare({ maxBodyBytes }: HttpLimits, logger: Logger): void {
    this.instance.removeAllContentTypeParsers();
    this.instance.addContentTypeParser('*', (request, payload, done) => {
      done(null, new UnreadBody(payload, request.headers, maxBodyBytes));
    });
    this.instance.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id);
      const problem = headProblem(request.raw);
      if (problem === undefined) {
        done();
      } else {
        reply.header('Connection', 'close');
        done(new HttpException(problem, problem.statusCode));
      }
    });
    this.instance.addHook('onResponse', (request, reply, done) => {
      logger.log(requestLine(request, reply));
      done();
    });
    this.instance.addHook('preClose', () => this.servers.close());
  }
}

/** The router's own messages repeat the URL with its query, where a secret may have been put by mistake. */
const routerRefusals: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'The path of the URL is not valid percent-encoded UTF-8',
  FST_ERR_MAX_PARAM_LENGTH: `A part of the path is longer than ${MAX_PARAMETER_LENGTH} characters`,
};

/** The path without the query, as above. */
function requestLine({ method, url, id }: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): string {
  return `${method} ${loggedPath(url)} ${statusCode} ${elapsedTime.toFixed(1)}ms ${id}`;
}
