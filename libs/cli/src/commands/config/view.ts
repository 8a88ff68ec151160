import { contextNameOf, unknownContext } from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { jsonOf, yamlOf } from '../../output/plain-data.js';
import { redacted } from './redacted.js';

type Settings = Readonly<Record<string, unknown>>;

/** Prints the context's part of the configuration file, or all of it, without the secrets in it. */
export async function viewConfig(
  context: CommandContext,
  _args: CommandArguments,
  { allContexts = false }: { allContexts?: boolean },
): Promise<number> {
  const { configFile, format, options, settingSources, world } = context;
  const document = await configFile.read();
  const name = contextNameOf(settingSources, document);
  if (options.context !== undefined && !document.contextNames.includes(name)) throw unknownContext(name, document);
  const settings = redacted(allContexts ? document.toJSON() : partOf(document.toJSON(), name));
  context.say(`# ${configFile.path}`);
  world.stdout.write(format === 'json' ? jsonOf(settings) : await yamlOf(settings));
  return exitCodes.success;
}

/** The settings with one context alone and what it refers to; all of them when it is not there. */
function partOf(settings: Settings, name: string): Settings {
  const [context] = named(settings.contexts, name);
  if (context === undefined) return settings;
  return {
    ...settings,
    clusters: named(settings.clusters, context.cluster),
    users: named(settings.users, context.user),
    contexts: [context],
  };
}

function named(entries: unknown, name: unknown): Settings[] {
  if (!Array.isArray(entries)) return [];
  return entries.filter((entry): entry is Settings => (entry as Settings | null)?.name === name);
}
