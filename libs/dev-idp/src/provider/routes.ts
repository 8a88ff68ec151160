import { problemAnswer } from '../interactions/problem-page.js';
import type { Middleware } from './provider-parts.js';

interface Route {
  readonly path: RegExp;
  readonly methods: readonly string[];
}

// The first that fits counts: `/device/auth` is no `/device/{uid}`.
const routes: readonly Route[] = [
  { path: /^\/$/, methods: ['GET'] },
  { path: /^\/\.well-known\/(?:openid-configuration|oauth-authorization-server)$/, methods: ['GET', 'OPTIONS'] },
  { path: /^\/jwks$/, methods: ['GET', 'OPTIONS'] },
  { path: /^\/userinfo$/, methods: ['GET', 'POST', 'OPTIONS'] },
  { path: /^\/(?:token|revoke|device\/auth)$/, methods: ['POST', 'OPTIONS'] },
  { path: /^\/(?:device|interaction\/[\w-]+)$/, methods: ['GET', 'POST'] },
  { path: /^\/(?:authorize|authorize\/[^/]+|device\/[^/]+|logout|logout\/success)$/, methods: ['GET'] },
  { path: /^\/logout\/confirm$/, methods: ['POST'] },
];

/** Says which addresses there are and how they are asked, before the library takes one address for another. */
export function refuseUnknownRoutes(issuer: string): Middleware {
  return async (context, next) => {
    // The library, too, minds neither capitals nor a final slash.
    const path = context.path.toLowerCase().replace(/(?<=[^/])\/$/, '');
    const route = routes.find((candidate) => candidate.path.test(path));
    if (route === undefined) {
      const description = `there is nothing at ${context.path}; every address is in ${issuer}/.well-known/openid-configuration`;
      return problemAnswer(context, 404, { error: 'not_found', error_description: description });
    }
    const method = context.method === 'HEAD' ? 'GET' : context.method;
    if (route.methods.includes(method)) return next();
    context.set('allow', route.methods.join(', '));
    const description = `${context.path} is asked by ${route.methods[0]}, not by ${context.method}`;
    return problemAnswer(context, 405, { error: 'invalid_request', error_description: description });
  };
}
