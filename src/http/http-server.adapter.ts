import { lookup } from 'node:dns/promises';
import type { IncomingMessage, RequestListener } from 'node:http';
import { HttpException, Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type Clock, systemClock } from '@nmp/auth';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ExposureConfig } from '../config/exposure-config.js';
import type { Answer, AnswerListener } from './answer.js';
import { errorBody } from './error-body.js';
import { EventLoopDelay } from './event-loop-delay.js';
import { defaultHttpLimits, type HttpLimits } from './http-limits.js';
import { HttpServers } from './http-servers.js';
import { LoadGate } from './load-gate.js';
import { shedLoad } from './load-shedding.js';
import { addSecurityHeaders, limitRates } from './exposure.js';
import { RateLimits } from './rate-limits.js';
import { headProblem } from './request-head.js';
import { requestFields, requestLine } from './request-record.js';
import { type SecurityHeaders, securityHeaders } from './security-headers.js';
import { UnreadBody } from './unread-body.js';

// Longer than any name: a name that is too long is answered by its rule, not by the router.
const MAX_PARAMETER_LENGTH = 2_048;
// To start, or to stop, beside the requests under way. What takes longer is given up.
const START_AND_STOP_MS = 10_000;

/** What the server has to know of where it stands. */
export interface HttpSurroundings {
  readonly exposure: ExposureConfig;
  /** Where clients reach the service. */
  readonly publicUrl: string;
  readonly clock: Clock;
}

const nowhere: HttpSurroundings = {
  exposure: { trustedProxies: [], corsOrigins: [], rateLimit: false },
  publicUrl: '',
  clock: systemClock,
};

/**
 * The HTTP server: request ids on every answer, one log line per request, errors of the router in the usual shape, time
 * limits, and bodies that are not read before a guard has let the request pass.
 */
export class HttpServerAdapter extends FastifyAdapter {
  private readonly servers: HttpServers;
  private readonly delay: EventLoopDelay;
  private readonly gate: LoadGate;
  private readonly requestLog: Logger;
  private readonly securityHeaders: SecurityHeaders;
  private readonly listeners: AnswerListener[] = [];

  constructor(difference: Partial<HttpLimits> = {}, surroundings: Partial<HttpSurroundings> = {}) {
    const limits = { ...defaultHttpLimits, ...difference };
    const place = { ...nowhere, ...surroundings };
    const headers = securityHeaders(place);
    const logger = new Logger('Http');
    const servers = new HttpServers(limits, (line, refusal) => {
      if (refusal === undefined) return logger.log(line);
      logger.log(line, refusal);
      return this.tell({ method: '', route: undefined, statusCode: refusal.status, seconds: 0 });
    });
    super({
      trustProxy: place.exposure.trustedProxies.length > 0 && [...place.exposure.trustedProxies],
      genReqId: (request: IncomingMessage) => servers.requestId(request),
      serverFactory: (handler: RequestListener) => servers.create(handler),
      routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
      // Also the time to stop within, which has the requests under way in it.
      pluginTimeout: limits.drainMs + limits.shutdownGraceMs + START_AND_STOP_MS,
      return503OnClosing: false, // whoever is still connected is served; new connections are not taken
      // What the router refuses reaches no hook and no filter.
      frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
        const body = errorBody(error.statusCode ?? 400, routerRefusals[error.code] ?? 'The URL cannot be served');
        void reply.code(body.statusCode).header('x-request-id', request.id).headers(headers.api).send(body);
        this.conclude(request, reply);
      },
    });
    this.servers = servers;
    this.delay = new EventLoopDelay(limits.maxEventLoopDelayMs);
    this.gate = new LoadGate(limits.maxPendingRequests, this.delay);
    this.requestLog = logger;
    this.securityHeaders = headers;
    this.prepare(limits, place);
  }

  /** Tells of every answer from now on. */
  listenToAnswers(listener: AnswerListener): void {
    this.listeners.push(listener);
  }

  /** How many requests are being worked on. */
  get pendingRequests(): number {
    return this.gate.pending;
  }

  /** Listens at every address of the host name, where the application listens at one of them already. */
  async listenAtAll(host: string): Promise<void> {
    const found = await lookup(host, { all: true });
    await this.servers.listenBeside(found.map(({ address }) => address));
  }

  /** There is but one kind of body: what Nest would add also takes forms, and reads them as objects. */
  override registerParserMiddleware(): void {}

  private prepare({ maxBodyBytes }: HttpLimits, { exposure, clock }: HttpSurroundings): void {
    this.instance.removeAllContentTypeParsers();
    this.instance.addContentTypeParser('*', (request, payload, done) => {
      done(null, new UnreadBody(payload, request.headers, maxBodyBytes, () => this.gate.awaitBody(request.raw)));
    });
    addSecurityHeaders(this.instance, this.securityHeaders);
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
    if (exposure.rateLimit !== false) limitRates(this.instance, new RateLimits(exposure.rateLimit, clock));
    shedLoad(this.instance, this.gate, this.delay);
    this.instance.addHook('onResponse', (request, reply, done) => {
      this.conclude(request, reply);
      done();
    });
    this.instance.addHook('preClose', () => this.servers.close());
  }

  /** Writes the line of a request that has been answered. */
  private conclude(request: FastifyRequest, reply: FastifyReply): void {
    const fields = requestFields(request, reply);
    this.requestLog.log(requestLine(fields), fields);
    const { method, routeOptions } = request;
    this.tell({ method, route: routeOptions.url, statusCode: reply.statusCode, seconds: reply.elapsedTime / 1000 });
  }

  private tell(answer: Answer): void {
    for (const listener of this.listeners) listener(answer);
  }
}

/** The router's own messages repeat the URL with its query, where a secret may have been put by mistake. */
const routerRefusals: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'The path of the URL is not valid percent-encoded UTF-8',
  FST_ERR_MAX_PARAM_LENGTH: `A part of the path is longer than ${MAX_PARAMETER_LENGTH} characters`,
};
