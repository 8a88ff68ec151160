import type { Settings, StoredCredentials } from '@nmp/sdk';
import { ApiError } from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printData } from '../../output/print.js';
import { statusReport, statusTable } from './status-report.js';

/** Shows who is signed in; with `--check`, whether the platform agrees. */
export async function status(
  context: CommandContext,
  _args: CommandArguments,
  { check = false }: { check?: boolean },
): Promise<number> {
  const settings = await context.settings();
  // Without credentials there is nothing to ask about.
  const server = check && (await usedCredentials(context, settings)) ? await askPlatform(context) : undefined;
  // After the question: it may have refreshed the token.
  const credentials = await usedCredentials(context, settings);
  const now = context.world.clock.now();
  const report = statusReport(settings, credentials, context.configFile.path, now);
  await printData(context, server ? { ...report, platform: server } : report, () => {
    const table = statusTable(report, now);
    return server ? { rows: [...table.rows, ['Platform says', server.says]] } : table;
  });
  const { programName } = context.world;
  if (server && !server.accepted) {
    context.say(`The platform does not accept this sign-in. Run: ${programName} auth login`);
    return exitCodes.remote;
  }
  if (report.signed_in) return exitCodes.success;
  const advice = report.expired && report.refresh_token ? 'auth refresh' : 'auth login';
  context.say(`${report.expired ? 'The token has expired.' : 'Nobody is signed in.'} Run: ${programName} ${advice}`);
  return exitCodes.local;
}

interface PlatformAnswer {
  readonly accepted: boolean;
  readonly says: string;
}

async function askPlatform(context: CommandContext): Promise<PlatformAnswer> {
  try {
    const { principal } = await context.client().auth.whoami();
    return { accepted: true, says: `accepted as ${principal.email ?? (principal.id || principal.kind)}` };
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) return { accepted: false, says: error.message };
    throw error;
  }
}

async function usedCredentials(context: CommandContext, settings: Settings): Promise<StoredCredentials | undefined> {
  const { credentials, contextName } = settings;
  if (credentials.from === 'environment' || credentials.from === 'argument') return { token: credentials.token };
  if (credentials.from === 'none') return undefined;
  return (await context.configFile.read()).context(contextName)?.credentials;
}
