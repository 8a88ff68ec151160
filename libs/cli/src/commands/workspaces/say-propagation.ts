import type { PropagationAnswer } from '@nmp/sdk';
import type { CommandContext } from '../../context.js';

/** The option of commands that change roles. */
export interface WaitOptions {
  readonly wait?: boolean;
}

/** Warns when the platform, asked to wait, could not make sure that the change is known everywhere. */
export function sayPropagation(context: CommandContext, { wait }: WaitOptions, answer: PropagationAnswer): void {
  if (wait !== true || answer.role_propagation_confirmed === true) return;
  context.warn(
    'The change is made, but the platform did not confirm that it is known everywhere: for a moment, some requests may still be decided without it',
  );
}
