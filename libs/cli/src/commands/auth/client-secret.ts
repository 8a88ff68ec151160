import type { CommandContext } from '../../context.js';

/** Where a confidential client's secret comes from, beside `NMP_OIDC_CLIENT_SECRET`. */
export interface ClientSecretOptions {
  readonly clientSecretStdin?: boolean;
}

/**
 * The client's secret: from stdin if that was asked for, else from the environment. It is never an argument, which others could see.
 * @param command The command that takes the options.
 */
export async function clientSecretOf(
  context: CommandContext,
  { clientSecretStdin = false }: ClientSecretOptions,
  command: string,
): Promise<string | undefined> {
  if (!clientSecretStdin) return context.clientSecret;
  return context.readInput("the client's secret", '--client-secret-stdin', command);
}
