import { contextNameOf, signOut } from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import type { ClientSecretOptions } from './client-secret.js';
import { clientSecretOf } from './client-secret.js';

/** Revokes the stored tokens where that can be done, and forgets them in any case. */
export async function logout(
  context: CommandContext,
  _args: CommandArguments,
  options: ClientSecretOptions,
): Promise<number> {
  const { configFile, http, world } = context;
  const clientSecret = await clientSecretOf(context, options);
  const contextName = contextNameOf(context.settingSources, await configFile.read());
  const result = await signOut({ configFile, contextName, clientSecret, http, clock: world.clock });
  if (result.outcome === 'not-signed-in') {
    context.say(`Nobody is signed in to context "${contextName}".`);
    if (result.hadApiKey) context.say('The API key it held, which the platform takes no more, is forgotten.');
  } else if (result.revoked) {
    context.say(`Signed out of context "${contextName}"; the sign-in is revoked at the identity provider.`);
    if (result.accessTokenRemains) context.say('A copy of the access token, if there is one, works until it expires.');
  } else {
    context.say(`Signed out of context "${contextName}".`);
    context.say(`Warning: the tokens could not be revoked and stay valid until they expire. ${result.reason}`);
  }
  if (world.env.NMP_ACCESS_TOKEN)
    context.say('Warning: NMP_ACCESS_TOKEN is still set and still used. To end that, unset it');
  if (context.format !== 'table') {
    const { printData } = await import('../../output/print.js');
    const data = { context: contextName, revoked: result.outcome === 'signed-out' && result.revoked };
    await printData(context, data, () => ({ rows: [] }));
  }
  return exitCodes.success;
}
