/** What the program's exit tells a script. */
export const exitCodes = {
  success: 0,
  /** Something on this side: nobody signed in, a file that cannot be written, a sign-in that failed. */
  local: 1,
  /** The command was not understood. */
  usage: 2,
  /** The platform refused, or did not answer. */
  remote: 3,
  /** Ctrl-C; other signals have 128 and their number as well. */
  interrupted: 130,
} as const;
