import type { FastifyRequest } from 'fastify';
import type { ErrorBody } from './error-body.js';

/** Told of every request that the service refuses, for whatever reason of the client's. Also the injection token. */
export interface RefusalListener {
  refused(request: FastifyRequest, body: ErrorBody, error: unknown): void;
}
export const RefusalListener = Symbol('RefusalListener');
