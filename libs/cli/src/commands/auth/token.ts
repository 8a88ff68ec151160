import { ConfigError, signInRequired } from '@nmp/sdk';
import { decodeUnverifiedClaims } from '@nmp/tokens';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { jsonOf, yamlOf } from '../../output/plain-data.js';

/** Prints the access token, or its claims. */
export async function token(
  context: CommandContext,
  _args: CommandArguments,
  { decode = false }: { decode?: boolean },
): Promise<number> {
  const accessToken = await currentToken(context);
  const { stdout } = context.world;
  if (!decode) {
    stdout.write(context.format === 'json' ? `${JSON.stringify({ access_token: accessToken })}\n` : `${accessToken}\n`);
    return exitCodes.success;
  }
  const claims = decodeUnverifiedClaims(accessToken);
  if (!claims) {
    throw new ConfigError(
      'The access token is not a JWT, so it has no claims to show. To see who you are, run: nemo auth whoami',
    );
  }
  stdout.write(context.format === 'yaml' ? await yamlOf(claims) : jsonOf(claims));
  return exitCodes.success;
}

async function currentToken(context: CommandContext): Promise<string> {
  const settings = await context.settings();
  const { credentials, baseUrl } = settings;
  if (credentials.from === 'environment' || credentials.from === 'argument') return credentials.token;
  if (credentials.from === 'workload') return context.workloadTokens(baseUrl, credentials.tokenFile).accessToken();
  const stored = credentials.from === 'file' ? await context.storedTokens(settings).accessToken() : undefined;
  if (stored === undefined) throw signInRequired(settings);
  return stored;
}
