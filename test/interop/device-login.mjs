import { equal, match } from 'node:assert/strict';
import { nemo } from '../../scripts/quickstart/nemo.mjs';
import { startLogin } from './start-login.mjs';

/**
 * Signs in by device flow as a person does: the command on a terminal, the pages in a browser.
 *
 * @param {object} world
 * @param {import('../../scripts/quickstart/stack.mjs').Stack} world.stack
 * @param {import('./browser.mjs').Browser} world.browser
 * @param {import('../../scripts/process/tally.mjs').Tally} world.tally
 * @param {readonly { email: string, password: string }[]} world.accounts
 * @param {string} world.configFile
 */
export async function deviceLoginSuite(world) {
  const { tally, browser, configFile, stack } = world;
  const [alice, admin] = world.accounts;
  const run = (...args) => nemo(args, { configFile });

  await tally.run('device login: code typed in, wrong password first, then signed in', async () => {
    const login = startLogin({ platformUrl: stack.platformUrl, configFile });
    const { url, userCode } = await login.prompt;
    const page = await browser.open(url);
    await browser.picture(page, 'enter-code');
    await page.getByLabel('Code shown on your device').fill(userCode);
    await proceed(page);
    await browser.picture(page, 'confirm-code');
    match(await page.innerText('main, body'), new RegExp(userCode));
    await proceed(page);
    await browser.picture(page, 'sign-in');
    await signIn(page, alice.email, 'not the password');
    await browser.picture(page, 'wrong-password');
    equal(await page.getByRole('alert').isVisible(), true);
    // The browser logs that this page's status is an error, as it must be.
    match(browser.complaints.splice(0).join('\n'), /^Failed to load resource: .+ 422 [^\n]+$/);
    await signIn(page, alice.email, alice.password);
    await browser.picture(page, 'consent');
    await proceed(page);
    await browser.picture(page, 'signed-in');
    match(await page.innerText('main, body'), /signed in/i);
    const result = await login.result;
    equal(result.code, 0, result.stderr);
    match(result.stderr + result.stdout, new RegExp(`Signed in to .+ as ${alice.email}`));
  });

  await tally.run('the login works: status, a workspace, the API', async () => {
    match((await run('auth', 'status')).stdout, new RegExp(alice.email));
    equal((await run('workspaces', 'create', 'from-the-browser')).code, 0);
    match((await run('workspaces', 'list')).stdout, /from-the-browser/);
  });

  await tally.run('device login: the address with the code in it, denied by the person', async () => {
    const before = (await run('auth', 'status')).stdout;
    const login = startLogin({ platformUrl: stack.platformUrl, configFile });
    const { completeUrl, userCode } = await login.prompt;
    const page = await browser.open(completeUrl);
    await browser.picture(page, 'code-filled-in');
    match(await page.innerText('main, body'), new RegExp(userCode));
    await page.getByRole('button', { name: 'Cancel' }).click();
    await browser.picture(page, 'denied');
    const result = await login.result;
    equal(result.code > 0, true, 'the command must fail');
    match(result.stderr, /denied|cancel/i);
    equal(emailIn((await run('auth', 'status')).stdout), emailIn(before), 'the old login must be untouched');
  });

  await tally.run('device login: another person, after forgetting the first', async () => {
    await browser.forget();
    const login = startLogin({ platformUrl: stack.platformUrl, configFile });
    const { completeUrl } = await login.prompt;
    const page = await browser.open(completeUrl);
    await proceed(page);
    await signIn(page, admin.email, admin.password);
    await proceed(page);
    await browser.picture(page, 'signed-in-as-admin');
    equal((await login.result).code, 0);
    match((await run('auth', 'status')).stdout, new RegExp(admin.email));
  });

  await tally.run('the pages complained about nothing', async () => {
    equal(browser.complaints.join('\n'), '');
  });
}

async function signIn(page, email, password) {
  await page.locator('input[name="login"]').fill(email);
  await page.locator('input[name="password"]').fill(password);
  await proceed(page);
}

/** Presses the page's main button, and waits for the next page. */
async function proceed(page) {
  await Promise.all([page.waitForEvent('load'), page.locator('form button[type="submit"]').first().click()]);
}

function emailIn(status) {
  return /^Email +(\S+)/m.exec(status)?.[1];
}
