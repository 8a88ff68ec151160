import { unknownContext } from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printOutcome } from '../../output/print.js';

/** Makes a context of the configuration file the current one. */
export async function useContext(context: CommandContext, [name = '']: CommandArguments): Promise<number> {
  const { configFile, world } = context;
  const document = await configFile.read(); // a file that is not there is not made for a name that is not in it
  if (!document.contextNames.includes(name)) throw unknownContext(name, document);
  await configFile.update((current) => {
    current.currentContext = name;
  });
  context.say(`Context "${name}" is now the current one.`);
  const { NMP_CURRENT_CONTEXT: override } = world.env;
  if (override && override !== name)
    context.say(`Warning: NMP_CURRENT_CONTEXT is set and used instead ("${override}"). To end that, unset it`);
  await printOutcome(context, { current_context: name });
  return exitCodes.success;
}
