import { ApiError, discoverPlatform, NeMoError, SignInRequiredError, UnauthorizedError } from '@nmp/sdk';
import type { CommandContext } from './context.js';

/** An error that advises to sign in, with the command that does so where a platform takes unsigned tokens alone. */
export async function withUnsignedSignIn(error: unknown, context: CommandContext): Promise<unknown> {
  if (!(error instanceof UnauthorizedError) && !isOfAnswer(error)) return error;
  const { signInCommand: plain, baseUrl } = await context.settings();
  if (!error.message.includes(plain) || plain.includes('--client-credentials')) return error;
  if (!(await takesUnsignedAlone(baseUrl, context))) return error;
  const command = plain.replace('auth login', 'auth login --unsigned-token --email you@example.com');
  if (error instanceof SignInRequiredError) {
    return new SignInRequiredError(error.message.replace(` Run: ${plain}`, ''), { command, cause: error });
  }
  const { status, code, detail, requestId, advice } = error;
  return new UnauthorizedError(status, code, detail, requestId, {
    advice: advice.replace(plain, command),
    cause: error,
  });
}

/** Whether the platform was asked and wants a token: then it can be asked how to get one. */
function isOfAnswer(error: unknown): error is SignInRequiredError {
  return error instanceof SignInRequiredError && error.cause instanceof ApiError;
}

async function takesUnsignedAlone(baseUrl: string, { http }: CommandContext): Promise<boolean> {
  try {
    const { oidc, acceptsUnsigned } = await discoverPlatform(baseUrl, http);
    return oidc === undefined && acceptsUnsigned === true;
  } catch (error) {
    if (error instanceof NeMoError) return false; // what was to be said before is said
    throw error;
  }
}
