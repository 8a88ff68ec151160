import { CookieJar } from './cookie-jar.js';
import type { HtmlForm } from './html-forms.js';
import { parseForms, visibleText } from './html-forms.js';

/** What a form browser can be told. */
export interface FormBrowserOptions {
  /** @default the global `fetch` */
  readonly fetch?: typeof fetch;
  /** Redirects to such a URL are not followed: it becomes the browser's `url`. @default none */
  readonly stopAt?: (url: URL) => boolean;
}

const maximumRedirects = 20;

/**
 * A browser for programs: opens pages, keeps cookies, follows redirects, fills and submits forms.
 * @example
 * const browser = new FormBrowser();
 * await browser.open(verificationUri);
 * await browser.submit({ login: 'alice@example.com', password: 'alice-password' });
 */
export class FormBrowser {
  readonly #jar = new CookieJar();
  readonly #fetch: typeof fetch;
  readonly #stopAt: (url: URL) => boolean;
  #url: URL | undefined;
  #status = 0;
  #headers = new Headers();
  #html = '';

  constructor(options: FormBrowserOptions = {}) {
    this.#fetch = options.fetch ?? fetch;
    this.#stopAt = options.stopAt ?? (() => false);
  }

  /** Where the browser is. @throws {Error} before the first page */
  get url(): URL {
    if (this.#url === undefined) throw new Error('No page is open yet');
    return this.#url;
  }

  get status(): number {
    return this.#status;
  }

  get headers(): Headers {
    return this.#headers;
  }

  get html(): string {
    return this.#html;
  }

  /** What a person reads on the page. */
  get text(): string {
    return visibleText(this.#html);
  }

  get forms(): readonly HtmlForm[] {
    return parseForms(this.#html);
  }

  /** Opens a page. */
  async open(url: string | URL): Promise<this> {
    await this.#go('GET', new URL(url));
    return this;
  }

  /**
   * Fills the first form that has all these fields and presses a button, by its label or its value; else the first one.
   * @throws {Error} when the page has no such form or button
   */
  async submit(fields: Readonly<Record<string, string>> = {}, options: { button?: string } = {}): Promise<this> {
    const names = Object.keys(fields);
    const form = this.forms.find((candidate) => names.every((name) => candidate.fields.has(name)));
    if (form === undefined) throw this.#missing(`form with the fields ${names.join(', ')}`);
    const pressed = findButton(form, options.button);
    if (options.button !== undefined && pressed === undefined) throw this.#missing(`button ${options.button}`);
    const values = new URLSearchParams([...form.fields]);
    for (const [name, value] of Object.entries(fields)) values.set(name, value);
    if (pressed?.name !== undefined) values.set(pressed.name, pressed.value);
    const target = new URL(form.action, this.url);
    if (form.method === 'POST') {
      await this.#go('POST', target, values);
    } else {
      target.search = values.toString();
      await this.#go('GET', target);
    }
    return this;
  }

  async #go(method: 'GET' | 'POST', url: URL, body?: URLSearchParams): Promise<void> {
    let request: { method: 'GET' | 'POST'; url: URL; body?: URLSearchParams | undefined } = { method, url, body };
    for (let redirects = 0; redirects <= maximumRedirects; redirects += 1) {
      const response = await this.#send(request);
      const location = response.headers.get('location');
      if (location === null || response.status < 300 || response.status > 399) return;
      const next = new URL(location, request.url);
      const keepsMethod = response.status === 307 || response.status === 308;
      request = keepsMethod ? { ...request, url: next } : { method: 'GET', url: next };
      if (this.#stopAt(next)) {
        this.#url = next;
        return;
      }
    }
    throw new Error(
      `More than ${maximumRedirects} redirects, the last to ${request.url.origin}${request.url.pathname}`,
    );
  }

  async #send(request: { method: 'GET' | 'POST'; url: URL; body?: URLSearchParams | undefined }): Promise<Response> {
    const cookie = this.#jar.header(request.url);
    const response = await this.#fetch(request.url, {
      method: request.method,
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookie === undefined ? {} : { cookie }) },
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    this.#jar.store(request.url, response.headers.getSetCookie());
    this.#url = request.url;
    this.#status = response.status;
    this.#headers = response.headers;
    this.#html = await response.text();
    return response;
  }

  #missing(what: string): Error {
    return new Error(`No ${what} at ${this.url.pathname} (HTTP ${this.#status}): ${this.text.slice(0, 300)}`);
  }
}

function findButton(form: HtmlForm, wanted: string | undefined): HtmlForm['buttons'][number] | undefined {
  if (wanted === undefined) return form.buttons[0];
  return form.buttons.find(({ label, value }) => label === wanted || value === wanted);
}
