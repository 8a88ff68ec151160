import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
  Injectable,
  Logger,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { isAuthError, withoutQuery } from '@nmp/tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDatabaseAway } from '../storage/database-away.js';
import { type ErrorBody, errorBody } from './error-body.js';
import { loggedPath } from './logged-path.js';
import { noteRefusalCode } from './refusal-code.js';
import { RefusalListener } from './refusal-listener.js';

/** A restart, a failover or a rush on the connections takes seconds. */
const DATABASE_RETRY_SECONDS = '2';

/** Answers everything that goes wrong with the one shape of error body. What nobody foresaw is logged, not told. */
@Catch()
@Injectable()
export class PlatformErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(RefusalListener) private readonly listener: RefusalListener,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const body = bodyOf(error, request);
    noteRefusalCode(request, body.code);
    if (body.statusCode < 500) this.listener.refused(request, body, error);
    if (body.statusCode >= 500 && !isExpected(error)) this.log(error, request);
    // The answer is on its way already: there is nothing left to say.
    if (reply.sent) return;
    if (body.statusCode === 503 && isDatabaseAway(error)) reply.header('Retry-After', DATABASE_RETRY_SECONDS);
    this.host.httpAdapter.reply(reply, body, body.statusCode);
  }

  private log(error: unknown, request: FastifyRequest): void {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const causes = causesOf(error).map((cause) => `\n  because: ${cause}`);
    this.logger.error(
      `Request ${request.id} (${request.method} ${loggedPath(request.url)}) failed: ${what}${causes.join('')}`,
      { request_id: request.id },
    );
  }
}

function bodyOf(error: unknown, request: FastifyRequest): ErrorBody {
  if (isAuthError(error)) return withAdvice(errorBody(error.status, error.detail, error.code));
  if (error instanceof HttpException) return bodyOfHttpException(error, request);
  const status = clientErrorStatusOf(error);
  if (status !== undefined) return errorBody(status, (error as Error).message);
  if (isDatabaseAway(error)) return errorBody(503, 'The database is not available');
  return errorBody(500, 'Internal server error');
}

function bodyOfHttpException(exception: HttpException, request: FastifyRequest): ErrorBody {
  const status = exception.getStatus();
  const response = exception.getResponse();
  if (isErrorBody(response)) return withAdvice(response);
  // The router's own answer repeats the query, where a secret may have been put by mistake.
  if (status === 404) return errorBody(404, `No such route: ${request.method} ${withoutQuery(request.url)}`);
  const message = typeof response === 'object' && 'message' in response ? response.message : response;
  const sentences = (Array.isArray(message) ? message : [message]).filter((part) => typeof part === 'string');
  return errorBody(status, sentences.join('; ') || exception.message);
}

/** Somebody who sent no token may not know that there are any. */
function withAdvice(body: ErrorBody): ErrorBody {
  if (body.code !== 'missing_token') return body;
  const advice = 'send an access token as "Authorization: Bearer …"; /apis/auth/discovery says who issues them';
  return { ...body, detail: `${body.detail}: ${advice}` };
}

/** What the HTTP server itself refuses (a body that is no JSON, or too large) comes with a status of its own. */
function clientErrorStatusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}

function isErrorBody(response: object | string): response is ErrorBody {
  return typeof response === 'object' && 'detail' in response && 'code' in response && 'error' in response;
}

function isExpected(error: unknown): boolean {
  return isAuthError(error) || (error instanceof HttpException && error.getStatus() === 503);
}

function causesOf(error: unknown): string[] {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? [cause.message, ...causesOf(cause)] : [];
}
