import { createPublicKey, verify } from 'node:crypto';
import { createParamDecorator, UnauthorizedException } from '@nestjs/common';
import { AuthModule, PolicyDecisionPoint, Principal, RequirePermissions, RequireScopes } from '@nmp/auth';
import { guardOf, synchronousGuardOf } from './guards.mjs';
import { startNestApp } from './nest.mjs';

const clientId = 'nmp-cli';
const audience = 'nmp-platform';
const caller = createParamDecorator((_, context) => context.switchToHttp().getRequest().user);
const passCaller = (target, key) => caller()(target, key, 0);
const passPrincipal = (target, key) => Principal()(target, key, 0);

/**
 * The applications that are measured. Each takes `{ adapter, issuer, jwksUri, algorithm, tokens }`, the last of them the
 * number of tokens in turn, and returns the URL of its route.
 */
export const variants = {
  /** No guard at all. */
  open: ({ adapter }) => startNestApp(adapter),

  /** The module as it is: guard, scopes, principal; every token of the benchmark fits its cache. */
  remembered: (given) => startAuthModule(given, { max: 3 * given.tokens }),

  /** The same, and the policy engine of the platform asked whether the caller holds a permission. */
  async authorized(given) {
    const decisionPoint = { provide: PolicyDecisionPoint, useValue: await embeddedDecisionPoint() };
    return startAuthModule(given, { max: 3 * given.tokens }, [decisionPoint], [RequirePermissions('workspaces.read')]);
  },

  /** The same with a cache that is smaller than the number of tokens in turn: each is new to the verifier. */
  cold: (given) => startAuthModule(given, { max: Math.ceil(given.tokens / 20) }),

  /** Nothing but a signature check, one after the other: what a verifier on one thread cannot be faster than. */
  async raw({ adapter, jwksUri, algorithm }) {
    const { keys } = await (await fetch(jwksUri)).json();
    const key = createPublicKey({ key: keys[0], format: 'jwk' });
    const options = algorithm === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key;
    const guard = synchronousGuardOf((token) => {
      const end = token.lastIndexOf('.');
      const signature = Buffer.from(token.slice(end + 1), 'base64url');
      const isGood = verify('sha256', Buffer.from(token.slice(0, end)), options, signature);
      if (!isGood) throw new UnauthorizedException();
    });
    return startNestApp(adapter, { guards: [guard], decorators: [passCaller] });
  },

  /** As the documents of passport-jwt and jwks-rsa show it. */
  async 'passport-jwt + jwks-rsa'({ adapter, issuer, jwksUri, algorithm }) {
    const { AuthGuard, PassportStrategy } = await import('@nestjs/passport');
    const { ExtractJwt, Strategy } = await import('passport-jwt');
    const { passportJwtSecret } = await import('jwks-rsa');
    class JwtStrategy extends PassportStrategy(Strategy, 'documented') {
      constructor() {
        super({
          secretOrKeyProvider: passportJwtSecret({ cache: true, rateLimit: true, jwksRequestsPerMinute: 5, jwksUri }),
          jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
          audience,
          issuer,
          algorithms: [algorithm],
        });
      }

      validate(claims) {
        return claims;
      }
    }
    const guards = [new (AuthGuard('documented'))()];
    return startNestApp(adapter, { providers: [JwtStrategy], guards, decorators: [passCaller] });
  },

  /** Middleware for Express; it has no form for Fastify. */
  async 'express-oauth2-jwt-bearer'({ adapter, issuer, jwksUri, algorithm }) {
    if (adapter !== 'express') return undefined;
    const { auth } = await import('express-oauth2-jwt-bearer');
    const check = auth({ issuer, jwksUri, audience, tokenSigningAlg: algorithm });
    // Nest answers 500 to errors that are not its own.
    const middleware = (request, response, next) =>
      check(request, response, (cause) => next(cause && new UnauthorizedException('Unauthorized', { cause })));
    return startNestApp(adapter, { middleware, decorators: [passCaller] });
  },

  async 'fast-jwt + get-jwks'({ adapter, issuer, algorithm }) {
    const { createVerifier } = await import('fast-jwt');
    const { default: buildGetJwks } = await import('get-jwks');
    const getJwks = buildGetJwks({ issuersWhitelist: [issuer], providerDiscovery: true });
    const key = ({ header }) => getJwks.getPublicKey({ kid: header.kid, alg: header.alg, domain: issuer });
    const verifier = createVerifier({ key, algorithms: [algorithm], allowedAud: audience, allowedIss: issuer });
    return startNestApp(adapter, { guards: [guardOf(verifier)], decorators: [passCaller] });
  },

  async jose({ adapter, issuer, jwksUri, algorithm }) {
    const { createRemoteJWKSet, jwtVerify } = await import('jose');
    const keys = createRemoteJWKSet(new URL(jwksUri));
    const options = { issuer, audience, algorithms: [algorithm] };
    const guard = guardOf(async (token) => (await jwtVerify(token, keys, options)).payload);
    return startNestApp(adapter, { guards: [guard], decorators: [passCaller] });
  },

  async 'aws-jwt-verify'({ adapter, issuer, jwksUri }) {
    const { JwtVerifier } = await import('aws-jwt-verify');
    const verifier = JwtVerifier.create({ issuer, audience, jwksUri });
    // Its own fetcher takes https only; the keys are handed over instead.
    verifier.cacheJwks(await (await fetch(jwksUri)).json());
    return startNestApp(adapter, { guards: [guardOf((token) => verifier.verify(token))], decorators: [passCaller] });
  },
};

function startAuthModule({ adapter, issuer }, cache, providers = [], permissions = []) {
  const imports = [AuthModule.forRoot({ cache, oidc: { issuer, clientId, audience } })];
  const decorators = [passPrincipal, RequireScopes('items:read'), ...permissions];
  return startNestApp(adapter, { imports, providers, decorators });
}

async function embeddedDecisionPoint() {
  const engine = '../dist/policy/engine';
  const { BindingIndex } = await import(`${engine}/binding-index.js`);
  const { EmbeddedPolicyEngine } = await import(`${engine}/embedded-policy-engine.js`);
  const { readCompiledPolicy } = await import(`${engine}/policy-artefact.js`);
  const { readRoleCatalogue } = await import(`${engine}/role-files.js`);
  const { EmbeddedDecisionPoint } = await import('../dist/policy/decisions/embedded-decision-point.js');
  const bindings = new BindingIndex([{ principal: '*', workspace: 'system', role: 'Viewer' }]);
  const sources = { wasm: readCompiledPolicy(), roles: readRoleCatalogue(), endpoints: {}, bindings };
  return new EmbeddedDecisionPoint(new EmbeddedPolicyEngine(sources), (principal) => principal);
}
