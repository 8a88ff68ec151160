import { isAuthError, withoutQuery } from '@nmp/tokens';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../http/client-address.js';
import type { ErrorBody } from '../http/error-body.js';
import type { Caller } from '../policy/caller.js';
import type { NewAuditEvent } from './audit-event.js';
import { type AuditActor, actorOf } from './audit-actor.js';
import { writtenText } from '../written-text.js';
import { requestWorkspace } from './request-workspace.js';

/** A request that was refused, as it will be written down. */
export interface Refusal {
  /** Of whom the next refusals are counted together when there are too many. */
  readonly source: string;
  /** Whether it is known who was refused, so that it is written down by itself. */
  readonly isKnown: boolean;
  readonly event: Omit<NewAuditEvent, 'id' | 'at'> & { readonly reason: string };
}

const nobody: AuditActor = { actor: null, actorEmail: null, actorKind: 'anonymous', actorIssuer: null, via: null };

/** What is recorded of an error; `undefined` when it is no refusal. */
export function refusalOf(
  request: FastifyRequest,
  body: ErrorBody,
  { error, caller }: { error: unknown; caller: Caller | undefined },
): Refusal | undefined {
  const reason = reasonOf(body, error);
  if (reason === undefined) return undefined;
  const actor = caller === undefined ? nobody : actorOf(caller);
  const address = writtenText(clientAddress(request));
  const route = writtenText(request.routeOptions.url ?? '', 512);
  const problem = caller === undefined ? problemOf(error) : writtenText(body.detail);
  const event = {
    action: 'request.refused',
    decision: 'refused' as const,
    reason,
    ...actor,
    workspace: requestWorkspace(request) ?? null,
    // What a stranger writes into a path is of no interest.
    target: caller === undefined ? route : writtenText(withoutQuery(request.url), 512),
    requestId: writtenText(request.id),
    details: { method: writtenText(request.method, 16), route, address, ...(problem !== undefined && { problem }) },
  };
  const source = caller === undefined ? address : JSON.stringify([actor.actorIssuer, actor.actor, actor.via]);
  return { source, isKnown: caller !== undefined, event };
}

/** Who is asked for a token, or may not do something, is refused; so is who would leave a workspace without Admin. */
function reasonOf({ statusCode, code }: ErrorBody, error: unknown): string | undefined {
  if (statusCode === 401 || statusCode === 403) return code;
  if (statusCode !== 409 || !(error instanceof Error) || !('errorCode' in error)) return undefined;
  return error.errorCode === 'last_admin' ? error.errorCode : undefined;
}

/** What the log is told of a token: it names the issuer or the key id where these are the problem, never the token. */
function problemOf(error: unknown): string | undefined {
  const cause = !isAuthError(error) && error instanceof Error ? error.cause : error;
  return isAuthError(cause) ? writtenText(cause.message) : undefined;
}
