/** The command was not given what it needs, or things that do not go together. */
export class UsageError extends Error {
  /** @param command The command whose help explains it, such as `auth login`; without one, the whole program's. */
  constructor(
    message: string,
    readonly command?: string,
  ) {
    super(message);
  }
}
