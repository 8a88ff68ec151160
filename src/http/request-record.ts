import { principalOfRequest } from '@nmp/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { writtenName, writtenText } from '../written-text.js';
import { clientAddress } from './client-address.js';
import { loggedPath } from './logged-path.js';
import { refusalCodeOf } from './refusal-code.js';

/** What the log has of a request, for programs. */
export interface RequestFields {
  readonly request_id: string;
  readonly method: string;
  /** Without the query, where a secret may have been put by mistake. */
  readonly path: string;
  readonly status: number;
  readonly duration_ms: number;
  readonly address: string;
  /** Who asked, where that is known. */
  readonly principal?: string;
  /** For whom, where it was asked for somebody else. */
  readonly on_behalf_of?: string;
  /** Why it was refused. */
  readonly code?: string;
}

export function requestFields(request: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): RequestFields {
  const principal = principalOfRequest(request);
  const code = refusalCodeOf(request);
  return {
    request_id: request.id,
    method: request.method,
    path: loggedPath(request.url),
    status: statusCode,
    duration_ms: Number(elapsedTime.toFixed(1)),
    address: writtenText(clientAddress(request)),
    ...(principal !== undefined && principal.kind !== 'anonymous' && { principal: writtenName(principal.id) }),
    ...(principal?.onBehalfOf !== undefined && { on_behalf_of: writtenName(principal.onBehalfOf.id) }),
    ...(code !== undefined && { code }),
  };
}

/** The same in a line, for people. */
export function requestLine({ method, path, status, duration_ms, request_id, code }: RequestFields): string {
  const line = `${method} ${path} ${status} ${duration_ms.toFixed(1)}ms ${request_id}`;
  return code === undefined ? line : `${line} ${code}`;
}
