import type { AnswerShape } from '../answer-shape.js';
import { optional, yesOrNo } from '../answer-shape.js';
import type { ApiRequest } from '../api-client.js';

/** A platform that finds out nothing says so within half a minute. */
const LONGEST_WAIT_MS = 30_000;

/** Whether to wait for a change of roles. */
export interface PropagationOptions {
  /** The platform answers when it knows the change wherever it decides; the answer's `role_propagation_confirmed` says whether it does. @default false */
  readonly waitRolePropagation?: boolean | undefined;
}

/** What an answer says when its caller asked to wait. The change is made either way. */
export interface PropagationAnswer {
  readonly role_propagation_confirmed?: boolean;
}

export const propagationFields: Readonly<Record<string, AnswerShape>> = {
  role_propagation_confirmed: optional(yesOrNo),
};

/** What a request has that waits, if it is to wait. */
export function propagationRequest({
  waitRolePropagation,
}: PropagationOptions): Pick<ApiRequest, 'query' | 'extraTimeMs'> {
  if (waitRolePropagation !== true) return {};
  return { query: { wait_role_propagation: 'true' }, extraTimeMs: LONGEST_WAIT_MS };
}
