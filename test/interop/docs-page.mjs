import { deepEqual, equal, match } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { SwaggerPage } from './swagger-page.mjs';

const whoami = { method: 'get', path: '/apis/auth/v2/whoami' };
const createWorkspace = { method: 'post', path: '/apis/entities/v2/workspaces' };
const asked = ['openid', 'profile', 'email', 'platform:read'];

/**
 * Signs in at the page of the quickstart.
 *
 * @param {object} world
 * @param {import('../../scripts/quickstart/stack.mjs').Stack} world.stack
 * @param {import('./browser.mjs').Browser} world.browser
 * @param {import('../../scripts/process/tally.mjs').Tally} world.tally
 * @param {readonly { email: string, password: string }[]} world.accounts
 */
export async function docsPageSuite({ stack, browser, tally, accounts }) {
  const [{ email, password }] = accounts;
  const proceed = async (page) => page.locator('form button[type="submit"]').first().click();
  const signIn = async (page) => {
    await page.locator('input[name="login"]').fill(email);
    await page.locator('input[name="password"]').fill(password);
    await proceed(page);
    await page.getByRole('heading', { name: 'Allow access?' }).waitFor();
    await proceed(page);
  };
  await tally.run('signing in at /docs, and what the page may do', () =>
    tryDocsPage({ browser, url: stack.platformUrl, name: 'docs', email, signIn }),
  );
}

/**
 * Signs in at `/docs` as a person does, with fewer scopes than the page offers, and tries the API there.
 *
 * @param {object} world
 * @param {import('./browser.mjs').Browser} world.browser
 * @param {string} world.url of the platform
 * @param {string} world.name of the pictures
 * @param {string} world.email whose account it is
 * @param {(page: import('playwright-core').Page) => Promise<void>} world.signIn goes through the provider's pages
 */
export async function tryDocsPage({ browser, url, name, email, signIn }) {
  await browser.forget();
  browser.complaints.length = 0;
  const page = await SwaggerPage.open(browser, url, name);
  try {
    await page.openSignIn();
    deepEqual(await page.chosenScopes(), [...asked, 'platform:write']);
    await page.leaveOut('platform:write');
    await page.picture('scopes');
    await page.signIn(signIn);
    await page.picture('authorized');
    isPlainCodeFlow(page.requests, url);
    await page.closeSignIn();

    const known = await page.tryOut(whoami);
    equal(known.status, 200);
    equal(known.body.principal.email, email);
    await page.picture('who-i-am');

    const refused = await page.tryOut(createWorkspace, { name: 'from-the-page' });
    equal(refused.status, 403);
    equal(refused.body.code, 'insufficient_scope');
    await page.picture('refused');
    // The browser logs that an answer is an error, as this one must be.
    match(browser.complaints.splice(0).join('\n'), /^Failed to load resource: [^\n]+ 403 [^\n]+$/);

    await keepsToItsProvider(page);
    browser.complaints.length = 0;
    await page.reload();
    equal((await page.tryOut(whoami)).status, 401, 'the token is forgotten with the page');
    deepEqual(await page.stored(), []);
    match(browser.complaints.splice(0).join('\n'), /^Failed to load resource: [^\n]+ 401 [^\n]+$/);
  } finally {
    await page.close();
  }
}

/** What went to the provider: a code, for which the page alone can have a token. @see RFC 7636, RFC 9700 §2.1 */
function isPlainCodeFlow({ authorization, redirect, token }, url) {
  const sent = Object.fromEntries(authorization.searchParams);
  equal(sent.response_type, 'code');
  equal(sent.redirect_uri, `${url}/docs/oauth2-redirect.html`);
  equal(sent.scope, asked.join(' '));
  equal(sent.code_challenge_method, 'S256');
  equal(redirect.searchParams.get('state'), sent.state);
  equal(sent.state.length > 8, true);
  const form = Object.fromEntries(new URLSearchParams(token.postData()));
  equal(createHash('sha256').update(form.code_verifier).digest('base64url'), sent.code_challenge);
  equal(form.code, redirect.searchParams.get('code'));
  equal(form.client_id, 'nmp-cli');
  equal(form.client_secret ?? '', '');
  equal(token.headers().authorization, undefined);
}

/** The page may talk to the token endpoint, and neither to others nor to anything else of the provider's. */
async function keepsToItsProvider(page) {
  const { origin } = new URL(page.requests.token.url());
  for (const elsewhere of ['https://elsewhere.example/', `${origin}/elsewhere`]) {
    equal(await page.isKeptFrom(elsewhere), true, elsewhere);
  }
}
