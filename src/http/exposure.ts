import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from './error-body.js';
import type { RateLimits } from './rate-limits.js';
import { noteRefusalCode } from './refusal-code.js';
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
    const seconds = reply.statusCode === 401 ? limits.refused(request) : undefined;
    if (seconds === undefined) return done(null, payload);
    for (const name of ['www-authenticate', 'content-length']) {
      reply.removeHeader(name);
      reply.raw.removeHeader(name);
    }
    return done(null, JSON.stringify(tooMany(request, reply, seconds)));
  });
}

function tooMany(request: FastifyRequest, reply: FastifyReply, seconds: number) {
  const body = errorBody(429, `Too many requests from your address: wait ${seconds} seconds`);
  noteRefusalCode(request, body.code);
  reply.code(429).type('application/json; charset=utf-8').header('retry-after', String(seconds));
  return body;
}
