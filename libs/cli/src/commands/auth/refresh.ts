import { lifeOfToken, signInRequired } from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printOutcome } from '../../output/print.js';
import { durationText } from '../../output/time.js';
import { UsageError } from '../../usage-error.js';
import type { ClientSecretOptions } from './client-secret.js';
import { clientSecretOf } from './client-secret.js';

/** Gets a new access token, whether the old one is about to expire or not. */
export async function refresh(
  context: CommandContext,
  _args: CommandArguments,
  options: ClientSecretOptions,
): Promise<number> {
  const settings = await context.settings();
  const { credentials: source } = settings;
  if (source.from === 'environment') {
    throw new UsageError(
      'NMP_ACCESS_TOKEN is set, and a token that was given cannot be refreshed. Unset it first',
      'auth refresh',
    );
  }
  if (source.from === 'none') throw signInRequired(settings);
  const credentials = await context
    .storedTokens(settings, await clientSecretOf(context, options, 'auth refresh'))
    .refresh();
  const { expiresAt } = lifeOfToken(credentials.token, credentials);
  const left = expiresAt && durationText(expiresAt.getTime() - context.world.clock.now().getTime());
  context.say(expiresAt ? `Token refreshed. It expires ${expiresAt.toISOString()} (in ${left}).` : 'Token refreshed.');
  await printOutcome(context, { expires_at: expiresAt?.toISOString() ?? null });
  return exitCodes.success;
}
