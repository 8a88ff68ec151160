/** The command was not given what it needs, or things that do not go together. */
export class UsageError extends Error {}
