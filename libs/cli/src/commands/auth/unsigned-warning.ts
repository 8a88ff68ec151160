/** What is said wherever an unsigned token is used. */
export const unsignedWarning =
  'The token is UNSIGNED: every program on this machine can write one, for anybody. It is for development only';
