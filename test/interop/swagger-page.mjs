const slow = { timeout: 30_000 };

/** The page at `/docs` of a platform, and what it asks the provider for. */
export class SwaggerPage {
  /** The requests of the sign-in, in the order they are made. */
  requests = {};
  #page;
  #browser;
  #name;

  constructor(page, browser, name) {
    this.#page = page;
    this.#browser = browser;
    this.#name = name;
  }

  static async open(browser, url, name) {
    const page = await browser.open(`${url}/docs`);
    await page.locator('.opblock').first().waitFor(slow);
    const opened = new SwaggerPage(page, browser, name);
    await opened.picture('page');
    return opened;
  }

  async picture(what) {
    await this.#browser.picture(this.#page, `${this.#name}-${what}`, { fullPage: false });
  }

  async openSignIn() {
    await this.#page.locator('.auth-wrapper .btn.authorize').first().click();
    await this.#codeFlow.waitFor(slow);
  }

  async closeSignIn() {
    await this.#codeFlow.getByRole('button', { name: 'Close' }).click();
  }

  /** The scopes that are chosen when the page opens. */
  async chosenScopes() {
    const chosen = this.#codeFlow.locator('input[type=checkbox]:checked');
    return chosen.evaluateAll((boxes) => boxes.map((box) => box.getAttribute('data-value')));
  }

  async leaveOut(scope) {
    await this.#codeFlow.locator(`label:has-text("${scope}") .item`).click();
  }

  /** @param {(popup: import('playwright-core').Page) => Promise<void>} approve goes through the provider's pages */
  async signIn(approve) {
    // The first request of a new window is made before the window is told of.
    this.#page.context().on('request', (request) => this.#note(request.url()));
    const opening = this.#page.waitForEvent('popup', slow);
    const asking = this.#page.waitForRequest((request) => request.method() === 'POST', slow);
    await this.#codeFlow.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
    const popup = await opening;
    this.#browser.watch(popup);
    await approve(popup);
    this.requests.token = await asking;
    await this.#codeFlow.getByRole('button', { name: 'Remove authorization' }).waitFor(slow);
  }

  /** Executes a request of the page, and reads the answer that it shows. */
  async tryOut({ method, path }, body) {
    const block = this.#page.locator(`.opblock-${method}`, { has: this.#page.locator(`[data-path="${path}"]`) });
    await block.locator('.opblock-summary-control').click();
    await block.getByRole('button', { name: 'Try it out' }).click();
    if (body !== undefined) await block.locator('textarea').fill(JSON.stringify(body));
    const answering = this.#page.waitForResponse((response) => new URL(response.url()).pathname === path, slow);
    await block.getByRole('button', { name: 'Execute' }).click();
    const answer = await answering;
    await block
      .locator('.live-responses-table')
      .getByText(String(answer.status()), { exact: true })
      .first()
      .waitFor(slow);
    await block.locator('.live-responses-table').scrollIntoViewIfNeeded();
    return { status: answer.status(), body: await answer.json() };
  }

  /** Whether the page's policy keeps it from an address. */
  async isKeptFrom(url) {
    return this.#page.evaluate(async (address) => {
      const violation = new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ blockedURI }) => resolve(blockedURI), { once: true });
      });
      const reached = fetch(address).then(
        () => 'reached',
        () => violation,
      );
      return (await reached) === address;
    }, url);
  }

  async reload() {
    await this.#page.reload();
    await this.#page.locator('.opblock').first().waitFor(slow);
  }

  /** What the page keeps in the browser. */
  async stored() {
    return this.#page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
  }

  async close() {
    await this.#page.close();
  }

  get #codeFlow() {
    return this.#page.locator('.auth-container', { hasText: 'authorizationCode with PKCE' });
  }

  #note(address) {
    const url = new URL(address);
    if (url.searchParams.has('code_challenge')) this.requests.authorization ??= url;
    if (url.pathname === '/docs/oauth2-redirect.html') this.requests.redirect ??= url;
  }
}
