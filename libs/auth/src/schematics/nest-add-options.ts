/** What may be said to the schematic; nothing has to be. `schema.json` describes each. */
export interface NestAddOptions {
  readonly issuer?: string;
  readonly clientId?: string;
  readonly audience?: string;
  readonly project?: string;
  readonly module?: string;
  readonly sourceRoot?: string;
  readonly check?: boolean;
  readonly skipInstall?: boolean;
}

/**
 * Refuses values that could not stand in a string of a program or on a line of a settings file.
 *
 * @throws {Error} naming the option
 */
export function requirePlainValues(options: NestAddOptions): void {
  if (options.issuer !== undefined && !isUrl(options.issuer)) {
    throw new Error(
      `--issuer must be the provider's URL, such as https://login.example.com; it is "${options.issuer}"`,
    );
  }
  for (const [flag, value] of [
    ['--client-id', options.clientId],
    ['--audience', options.audience],
  ]) {
    if (value !== undefined && !isPlain(value)) throw new Error(`${flag} must have no blanks and no quotes`);
  }
}

function isUrl(value: string): boolean {
  return /^https?:\/\//.test(value) && isPlain(value) && URL.canParse(value);
}

function isPlain(value: string): boolean {
  return /^[^\s'"`\\$#]+$/.test(value);
}
