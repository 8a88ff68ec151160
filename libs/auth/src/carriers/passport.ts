import passport from 'passport';
import type { HttpRequest } from './http.js';
import { stateOf } from './request-state.js';

/** What passport adds to a strategy for the time of one attempt. */
interface Attempt {
  success(principal: Express.User): void;
  error(error: unknown): void;
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
    const state = stateOf(request as object);
    if (state === undefined) return this.error(new Error('No AuthModule guards this request'));
    const { verification, response } = state;
    const verifying = async (): Promise<Express.User> => verification.verify(request as HttpRequest); // a rejection, however it fails
    verifying().then(
      (principal) => this.success(principal),
      (error: unknown) => this.error(verification.refuse(error, response)),
    );
  },
};
