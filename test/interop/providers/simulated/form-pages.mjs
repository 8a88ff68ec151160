import { FormBrowser } from '../../../../libs/dev-idp/dist/index.js';

/** As much of a browser as a page with one form and one button needs. */
export class FormPages {
  #fetch;

  /** @param {typeof fetch} fetch gets to where the pages are */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  async open(url) {
    const browser = new FormBrowser({ fetch: this.#fetch });
    await browser.open(url);
    return {
      url: () => browser.url.href,
      innerText: async () => browser.text,
      submit: async (fields) => {
        await browser.submit(fields);
        if (browser.status !== 200) throw new Error(`${browser.url.href}: HTTP ${browser.status} ${browser.text}`);
      },
      close: async () => {},
    };
  }

  async forget() {}

  async picture() {}
}
