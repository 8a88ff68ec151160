import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from './error-body.js';
import type { RateLimits } from './rate-limits.js';
import { noteRefusalCode, refusalCodeOf } from './refusal-code.js';
import { headersFor, type SecurityHeaders } from './security-headers.js';

/** Gives every answer the headers that keep browsers from misusing it. */
export function addSecurityHeaders(instance: FastifyInstance, headers: SecurityHeaders): void {
  instance.addHook('onRequest', (request, reply, done) => {
    reply.headers(headersFor(headers, request.url));
    done();
  });
}

/** Answers 429 to clients that ask too often. @see RFC 6585 §4 */
export function limitRates(instance: FastifyInstance, limits: RateLimits): void {
  instance.addHook('onRequest', (request, reply, done) => {
    const seconds = limits.begun(request);
    if (seconds === undefined) done();
    else void reply.send(tooMany(request, reply, seconds));
  });
  instance.addHook('onSend', (request, reply, payload, done) => {
    const seconds = hasRefusedCredentials(request, reply) ? limits.refused(request) : undefined;
    if (seconds === undefined) return done(null, payload);
    for (const name of ['www-authenticate', 'content-length']) {
      reply.removeHeader(name);
      reply.raw.removeHeader(name);
    }
    return done(null, JSON.stringify(tooMany(request, reply, seconds)));
  });
}

/** A malformed header or two tokens are as cheap to send as a wrong one. */
function hasRefusedCredentials(request: FastifyRequest, { statusCode }: FastifyReply): boolean {
  return statusCode === 401 || (statusCode === 400 && refusalCodeOf(request) === 'malformed_request');
}

function tooMany(request: FastifyRequest, reply: FastifyReply, seconds: number) {
  const body = errorBody(429, `Too many requests from your address: wait ${seconds} seconds`);
  noteRefusalCode(request, body.code);
  reply.code(429).type('application/json; charset=utf-8').header('retry-after', String(seconds));
  return body;
}
