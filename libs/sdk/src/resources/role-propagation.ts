import type { AnswerShape } from '../answer-shape.js';
import { optional, yesOrNo } from '../answer-shape.js';

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

export function propagationQuery({ waitRolePropagation }: PropagationOptions): Record<string, string | undefined> {
  return { wait_role_propagation: waitRolePropagation === true ? 'true' : undefined };
}
