import { ApiError, identityOfToken, NeMoError, UnauthorizedError, UnexpectedAnswerError } from '@nmp/sdk';
import type { CommandContext } from '../../context.js';

/** Says what to do next after a sign-in: that depends on what the platform thinks of it, and whether there is one. */
export async function sayNext(context: CommandContext, contextName: string, baseUrl: string): Promise<void> {
  const { store, http, world } = context;
  const token = (await store.read(contextName)).credentials?.token;
  const trouble =
    token === undefined ? undefined : await troubleOf(() => identityOfToken(token, baseUrl, http, world.clock));
  if (trouble instanceof UnauthorizedError) {
    context.warn(`The platform does not accept this sign-in: (401) ${trouble.detail}`);
    context.say(`Next: ${world.programName} auth doctor`);
    return;
  }
  const foreign = foreignAnswer(trouble);
  if (foreign !== undefined) {
    context.warn(`${foreign}. If the sign-in is for something else that is there, its token is what you need`);
    context.say(`Next: ${world.programName} auth token`);
    return;
  }
  context.say(`Next: ${world.programName} workspaces list`);
}

async function troubleOf(ask: () => Promise<unknown>): Promise<NeMoError | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    if (error instanceof NeMoError) return error;
    throw error;
  }
}

/** What answered instead of a platform, if something else did. Applications that people sign in to publish the same document. */
function foreignAnswer(trouble: NeMoError | undefined): string | undefined {
  if (trouble instanceof UnexpectedAnswerError) return trouble.message;
  return trouble instanceof ApiError && trouble.code === 'not_a_platform' ? trouble.detail : undefined;
}
