import passport from 'passport';
import type { Principal } from '@nmp/tokens';
import type { HttpRequest } from './http.js';

const verificationKey = Symbol.for('@nmp/auth:verification');
const responseKey = Symbol.for('@nmp/auth:response');

/** How the application that a request came to verifies it and refuses it. */
export interface Verification {
  verify(request: HttpRequest): Principal | Promise<Principal>;
  refuse(error: unknown, response: unknown): unknown;
}

interface Marked {
  [verificationKey]?: Verification;
  [responseKey]?: unknown;
}

/** What passport adds to a strategy for the time of one attempt. */
interface Attempt {
  success(principal: Express.User): void;
  error(error: unknown): void;
}

/** Notes on the request who is to verify it: the application it came to. */
export function attachVerification(request: object, verification: Verification, response: unknown): void {
  const marked = request as Marked;
  marked[verificationKey] = verification;
  marked[responseKey] = response;
}

/**
 * Lets `AuthGuard('jwt')` of `@nestjs/passport` verify as the application that received the request does.
 *
 * Passport knows one strategy of a name in the whole process. What is registered here only hands on to the strategy
 * what the module's own guard has noted, so that two applications never verify with each other's. A strategy of that
 * name that somebody else registered stays.
 */
export function registerDelegate(): void {
  const registered = (passport as unknown as { _strategies?: Record<string, unknown> })._strategies ?? {}; // passport has no question for it
  if (registered.jwt === undefined) passport.use('jwt', { ...delegate });
}

const delegate: passport.Strategy & ThisType<Attempt> = {
  name: 'jwt',
  authenticate(request: unknown) {
    const { [verificationKey]: verification, [responseKey]: response } = request as Marked; // by attachVerification only
    if (verification === undefined) return this.error(new Error('No AuthModule guards this request'));
    const verifying = async (): Promise<Express.User> => verification.verify(request as HttpRequest); // a rejection, however it fails
    verifying().then(
      (principal) => this.success(principal),
      (error: unknown) => this.error(verification.refuse(error, response)),
    );
  },
};
