import { askProvider } from './discovery.js';

/** What is to be used, and what a person should know about it. */
export interface CheckedIssuer {
  readonly issuer: string;
  readonly warning?: string;
}

/**
 * Compares an issuer with what the provider calls itself: tokens carry that, to the letter. A slash at the end is put right;
 * anything else is for a person to decide.
 */
export async function checkIssuer(issuer: string, fetchDocument: typeof fetch): Promise<CheckedIssuer> {
  const answer = await askProvider(issuer, fetchDocument);
  if (answer.kind === 'silent') {
    return { issuer, warning: `The issuer has not been checked: ${answer.why}.` };
  }
  if (answer.issuer === issuer) return { issuer };
  const isSlash = answer.issuer.replace(/\/$/, '') === issuer.replace(/\/$/, '');
  const warning = `The provider at ${issuer} calls itself ${answer.issuer}`;
  if (isSlash) return { issuer: answer.issuer, warning: `${warning}: that is used.` };
  return { issuer, warning: `${warning}: tokens carry that name, and no other will be accepted.` };
}
