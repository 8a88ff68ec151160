import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { errorBody } from './error-body.js';
import { requestIdOf } from './request-id.js';

// Longer than any name: a name that is too long is answered by its rule, not by the router.
const MAX_PARAMETER_LENGTH = 2_048;

/** The HTTP server: request ids on every answer, one log line per request, errors of the router in the usual shape. */
export function httpServerAdapter(): FastifyAdapter {
  const adapter = new FastifyAdapter({
    genReqId: requestIdOf,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    // What the router refuses (a malformed URL) reaches no filter.
    frameworkErrors: ({ statusCode = 400, message }: FastifyError, _request: unknown, reply: FastifyReply) => {
      void reply.code(statusCode).send(errorBody(statusCode, message));
    },
  });
  const logger = new Logger('Http');
  const server = adapter.getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    // The path without the query, where a secret may have been put by mistake.
    const [path] = request.url.split('?', 1);
    logger.log(`${request.method} ${path} ${reply.statusCode} ${reply.elapsedTime.toFixed(1)}ms ${request.id}`);
    done();
  });
  closeUnusedConnections(server);
  return adapter;
}

/**
 * At shutdown requests under way are waited for and connections between two requests are closed by the server itself;
 * one that never sent a request would hold everything up.
 */
function closeUnusedConnections(instance: FastifyInstance): void {
  const unused = new Set<Socket>();
  instance.server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  instance.addHook('onRequest', (request, _reply, done) => {
    unused.delete(request.raw.socket);
    done();
  });
  instance.addHook('preClose', (done) => {
    for (const socket of unused) socket.destroy();
    done();
  });
}
