import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type EventLoopDelay, RELIEF_MS } from './event-loop-delay.js';
import type { LoadGate } from './load-gate.js';
import { noteRefusalCode } from './refusal-code.js';

/** Routes that whoever looks after the service needs most when it has too much to do. They take no place. */
const operatorRoutes: ReadonlySet<string | undefined> = new Set([
  '/health',
  '/health/live',
  '/health/ready',
  '/healthz',
  '/metrics',
  '/ready',
  '/readyz',
]);

/** Refuses the requests that are too many, before anything is done for them. */
export function shedLoad(instance: FastifyInstance, gate: LoadGate, delay: EventLoopDelay): void {
  instance.addHook('onReady', (done) => {
    delay.start();
    done();
  });
  instance.addHook('onRequest', (request, reply, done) => {
    const refusal = operatorRoutes.has(request.routeOptions.url) ? undefined : gate.enter(request.raw);
    if (refusal !== undefined) {
      noteRefusalCode(request, refusal.code);
      refuse(reply, refusal);
    } else {
      // Where there is no answer, the connection has gone.
      reply.raw.once('close', () => gate.leave(request.raw));
      done();
    }
  });
  instance.addHook('onSend', (request: FastifyRequest, _reply, payload, done) => {
    gate.leave(request.raw);
    done(null, payload);
  });
  instance.addHook('onClose', (_instance, done) => {
    delay.stop();
    done();
  });
}

function refuse(reply: FastifyReply, body: { readonly statusCode: number }): void {
  void reply
    .code(body.statusCode)
    .header('Retry-After', String(RELIEF_MS / 1000))
    .send(body);
}
