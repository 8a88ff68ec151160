import { refuseProduction } from './refuse-production.js';
import type { TestCaller } from './test-caller.js';
import { type PlannedRequest, testedApps } from './tested-apps.js';

/**
 * Lets a request of supertest be somebody's: with a real token, which the application that it goes to verifies.
 * @example
 * await request(app.getHttpServer()).get('/reports').use(asPrincipal({ email: 'alice@example.com', scopes: ['reports:read'] }));
 * @returns what `.use()` of a request, or of an agent, takes
 * @throws {Error} at `.use()`, when the application has neither `authTestingModule()` nor `authTestingConfig()`
 */
export function asPrincipal(caller: TestCaller = {}): (request: PlannedRequest) => void {
  refuseProduction();
  return (request) => {
    request.set('Authorization', testedApps.callersBehind(request).headers(caller).authorization);
  };
}
