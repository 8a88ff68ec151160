import { deepEqual, equal, match } from 'node:assert/strict';
import { typeOf } from './jwt.mjs';

const endpoints = ['authorization_endpoint', 'token_endpoint', 'device_authorization_endpoint', 'userinfo_endpoint'];

/**
 * Signing in, and what comes of it at the platform.
 *
 * @type {Readonly<Record<string, (world: import('./provider-world.mjs').ProviderWorld) => Promise<void>>>}
 */
export const signInSteps = {
  'discovery: the platform says where to sign in': async (world) => {
    const { status, body } = await world.api('/apis/auth/discovery');
    equal(status, 200);
    equal(body.oidc.issuer, world.provider.issuer);
    const own = await world.providerDocument();
    const { endpoints: configured = {} } = world.provider;
    for (const name of endpoints) equal(body.oidc[name], configured[name] ?? own[name] ?? null, name);
  },

  'auth doctor tells whether people can sign in': async (world) => {
    await examine(world, world.provider.findings, '--base-url', world.url);
  },

  'signing in by device flow': async (world) => {
    const { email, shownAs = email } = world.provider.account;
    match(
      await world.signInByDevice(),
      new RegExp(`^Signed in to \\S+${shownAs === null ? '' : ` as ${shownAs}`}\\.$`, 'm'),
    );
    equal(typeOf(world.tokens().access), world.provider.tokenType);
  },

  'a guarded call': async (world) => {
    const refused = await world.whoami();
    equal(refused.status, 401);
    const challenge = refused.headers.get('www-authenticate');
    match(challenge, /^Bearer realm="[^"]+"/);
    equal(challenge.includes('error='), false);
    await world.beSignedIn();
    const { principal } = await world.data('auth', 'whoami');
    equal(principal.email ?? undefined, world.provider.account.email);
    equal(principal.issuer, world.provider.issuer);
    await world.data('workspaces', 'create', 'from-the-provider');
  },

  'groups in the principal': async (world) => {
    const { principal } = await world.data('auth', 'whoami');
    deepEqual(principal.groups, world.provider.account.groups);
  },

  'auth doctor with the token': async (world) => {
    await examine(world, world.provider.findingsWithToken ?? world.provider.findings);
  },

  'scopes that were granted': async (world) => {
    const { scopes } = await world.data('auth', 'whoami');
    deepEqual(scopes.filter((scope) => scope.startsWith('platform:')).toSorted(), ['platform:read', 'platform:write']);
  },

  'a scope that is missing': async (world) => {
    await world.signIn('--scope', 'platform:read');
    const { access } = world.tokens();
    equal((await world.whoami(access)).status, 200);
    const refused = await world.createWorkspace('not-allowed', access);
    equal(refused.status, 403);
    equal(refused.body.code, 'insufficient_scope');
    match(refused.headers.get('www-authenticate'), /error="insufficient_scope".*scope="entities:write"/);
    const command = await world.nemo(['workspaces', 'create', 'not-allowed']);
    equal(command.code, 3);
    match(command.stderr, /entities:write/);
  },

  'signing in with a password': async (world) => {
    const wrong = await world.signInByPassword({ password: 'not the password' });
    equal(wrong.code, 1, wrong.stderr);
    match(wrong.stderr, /Check the username and password/);
    const { code, stderr } = await world.signInByPassword();
    equal(code, 0, stderr);
    equal(typeOf(world.tokens().access), world.provider.tokenType);
    await world.isAccepted(world.tokens().access);
  },
};

/** The doctor finds what it must of this provider, and nothing else. */
async function examine(world, expected, ...args) {
  const { code, stdout, stderr } = await world.nemo(['auth', 'doctor', ...args, '-f', 'json']);
  const found = JSON.parse(stdout).findings.filter(({ level }) => level !== 'ok');
  const names = (level) => found.filter((finding) => finding.level === level).map(({ check }) => check);
  const { warnings = [], problems = [] } = expected;
  deepEqual({ warnings: names('warning'), problems: names('problem') }, { warnings, problems });
  equal(code, problems.length > 0 ? 1 : 0, stderr);
}
