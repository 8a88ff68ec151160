/**
 * An e-mail address as bindings know it: ASCII letters in lower case. Other letters stay, because folding them would
 * make one address out of two (the Kelvin sign folds to `k`).
 */
export function normalizeEmail(email: string): string {
  return email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
