import type { CommandContext } from '../../context.js';

/** Where a confidential client's secret comes from, beside `NMP_OIDC_CLIENT_SECRET`. */
export interface ClientSecretOptions {
  readonly clientSecretStdin?: boolean;
}

/** The client's secret: from stdin if that was asked for, else from the environment. It is never an argument, which others could see. */
export async function clientSecretOf(
  context: CommandContext,
  { clientSecretStdin = false }: ClientSecretOptions,
): Promise<string | undefined> {
  return clientSecretStdin ? context.readInput("the client's secret", '--client-secret-stdin') : context.clientSecret;
}
