/** What the program's exit tells a script. */
export const exitCodes = {
  success: 0,
  /** Something on this side: nobody signed in, a file that cannot be written, a sign-in that was refused. */
  local: 1,
  /** The command was not understood. */
  usage: 2,
  /** The platform refused, or it or the identity provider did not answer. */
  remote: 3,
  /** Ctrl-C; other signals have 128 and their number as well. */
  interrupted: 130,
} as const;
