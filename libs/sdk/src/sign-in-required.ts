import { SignInRequiredError } from './errors.js';
import type { Settings } from './settings.js';
import type { StoredContext } from './stored-context.js';

/** The error for a platform that wants a token when there is none for it: nobody is signed in, or only somewhere else. */
export function signInRequired(settings: Settings, cause?: unknown): SignInRequiredError {
  const { baseUrl, contextName, hasApiKey, signedInElsewhere, signInCommand } = settings;
  const nobody = hasApiKey ? retiredApiKey(contextName) : 'Nobody is signed in.';
  const reason =
    signedInElsewhere === undefined
      ? nobody
      : `Nobody is signed in to ${baseUrl}: the stored sign-in belongs to ${signedInElsewhere}.`;
  return new SignInRequiredError(reason, { command: signInCommand, cause });
}

/** The error for a context that should hold a sign-in and does not, or whose tokens the keychain has lost. */
export function notSignedInTo({ name, hasApiKey, keychain }: StoredContext, command?: string): SignInRequiredError {
  const nobody = hasApiKey ? retiredApiKey(name) : `Nobody is signed in to context "${name}".`;
  const reason = keychain ? `The OS keychain no longer has the tokens of context "${name}".` : nobody;
  return new SignInRequiredError(reason, { command });
}

/** What is said where older versions would have sent an API key. */
function retiredApiKey(contextName: string): string {
  return `Nobody is signed in: context "${contextName}" holds an API key, and the platform takes API keys no more. Signing in replaces it.`;
}
