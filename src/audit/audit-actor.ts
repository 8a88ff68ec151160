import type { Caller } from '../policy/caller.js';
import { optionalWrittenName } from '../written-text.js';

/** Who did something, as it is written down. */
export interface AuditActor {
  readonly actor: string | null;
  readonly actorEmail: string | null;
  readonly actorKind: string;
  /** Who issued the identity: two providers may give the same id to different people. */
  readonly actorIssuer: string | null;
  /** Who really made the request, where that was done for somebody else. */
  readonly via: string | null;
}

export function actorOf({ kind, id, email, issuer, via }: Caller): AuditActor {
  return {
    actor: optionalWrittenName(id),
    actorEmail: optionalWrittenName(email, 320),
    actorKind: kind,
    actorIssuer: optionalWrittenName(issuer),
    via: optionalWrittenName(via),
  };
}
