import passport from 'passport';
import type { JwtStrategy } from '../token/jwt.strategy.js';
import { httpCarrier, type HttpRequest } from './http.js';

const strategyKey = Symbol.for('@nmp/auth:strategy');

/** What passport adds to a strategy for the time of one attempt. */
interface Attempt {
  success(principal: Express.User): void;
  error(error: unknown): void;
}

/** Notes on the request whose strategy is to verify it: that of the application it came to. */
export function attachStrategy(request: object, strategy: JwtStrategy): void {
  (request as { [strategyKey]?: JwtStrategy })[strategyKey] = strategy;
}

/**
 * Lets `AuthGuard('jwt')` of `@nestjs/passport` verify with the strategy of the application that received the request.
 *
 * Passport knows one strategy of a name in the whole process. What is registered here only hands on to the strategy
 * that the module's own guard has noted, so that two applications never verify with each other's. A strategy of that
 * name that somebody else registered stays.
 */
export function registerDelegate(): void {
  const registered = (passport as unknown as { _strategies?: Record<string, unknown> })._strategies ?? {}; // passport has no question for it
  if (registered.jwt === undefined) passport.use('jwt', { ...delegate });
}

const delegate: passport.Strategy & ThisType<Attempt> = {
  name: 'jwt',
  authenticate(request: unknown) {
    const { [strategyKey]: strategy } = request as { [strategyKey]?: JwtStrategy }; // written by attachStrategy only
    if (strategy === undefined) return this.error(new Error('No AuthModule guards this request'));
    const verifying = async (): Promise<Express.User> => strategy.run(httpCarrier(request as HttpRequest)); // as the guard does
    verifying().then(
      (principal) => this.success(principal),
      (error: unknown) => this.error(error),
    );
  },
};
