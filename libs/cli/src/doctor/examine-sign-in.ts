import type { NeMoPlatform } from '@nmp/sdk';
import {
  ApiError,
  ConnectionError,
  NeMoError,
  NotFoundError,
  SignInError,
  SignInRequiredError,
  UnauthorizedError,
} from '@nmp/sdk';
import type { Finding, Remedy } from './finding.js';
import { ok, problem, warning } from './finding.js';

const CHECK = 'whoami';

/** What the platform itself says of the sign-in that commands use. It may refresh the token. */
export async function examineSignIn(client: NeMoPlatform): Promise<Finding> {
  try {
    const { principal } = await client.auth.whoami();
    return ok(CHECK, `The platform accepts the sign-in of ${principal.email ?? (principal.id || principal.kind)}`);
  } catch (error) {
    if (!(error instanceof NeMoError)) throw error;
    if (error instanceof NotFoundError) return warning(CHECK, `The platform cannot be asked: ${error.message}`);
    return problem(CHECK, error.message, causeOf(error));
  }
}

/** A sign-in without a token that could be sent. */
export function unusableSignIn(error: NeMoError): Finding {
  return problem('token', error.message, causeOf(error));
}

/**
 * Tells what is wrong with the present sign-in from what keeps everybody from signing in: what is of its token alone becomes a
 * warning, and so does the platform's refusal of such a token.
 * @param advice How to get another sign-in.
 */
export function ofPresentSignIn(findings: readonly Finding[], advice: string): Finding[] {
  const isSpoilt = findings.some(({ isOfOneToken }) => isOfOneToken);
  return findings.map((finding) => {
    const isRefusal = finding.check === CHECK && finding.level === 'problem' && !finding.isOutage;
    if (!finding.isOfOneToken && !(isSpoilt && isRefusal)) return finding;
    const isAdvised = /\brun: /i.test(finding.message); // what the SDK says ends with what to do
    return { ...finding, level: 'warning', isOfOneToken: true, ...(isAdvised ? {} : { advice }) };
  });
}

function causeOf(error: NeMoError): Remedy {
  if (error instanceof SignInRequiredError) return { isOfOneToken: true };
  if (error instanceof SignInError)
    return error.code === 'token_expired' ? { isOfOneToken: true } : outage(error.isUnreachable);
  if (error instanceof ApiError)
    return outage(!(error instanceof UnauthorizedError) && (error.status >= 500 || error.status === 429));
  return outage(error instanceof ConnectionError);
}

function outage(isOutage: boolean): Remedy {
  return isOutage ? { isOutage: true } : {};
}
