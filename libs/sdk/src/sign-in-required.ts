import { SignInRequiredError } from './errors.js';
import type { Settings } from './settings.js';

/** The error for a platform that wants a token when there is none for it: nobody is signed in, or only somewhere else. */
export function signInRequired(settings: Settings, cause?: unknown): SignInRequiredError {
  const { baseUrl, signedInElsewhere, signInCommand } = settings;
  const reason =
    signedInElsewhere === undefined
      ? 'Nobody is signed in.'
      : `Nobody is signed in to ${baseUrl}: the stored sign-in belongs to ${signedInElsewhere}.`;
  return new SignInRequiredError(reason, { command: signInCommand, cause });
}
