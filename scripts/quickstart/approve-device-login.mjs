const maxPages = 8;

/**
 * Does what a person does in the browser during a device login: fills every page's form until there is none left.
 *
 * @param {InstanceType<typeof import('../../libs/dev-idp/dist/index.js').FormBrowser>} browser
 * @param {string} url the page that the command line program showed
 * @param {{ userCode: string, login: string, password: string }} answers
 * @returns {Promise<string>} the text of the last page
 * @throws {Error} when the pages do not come to an end
 */
export async function approveDeviceLogin(browser, url, { userCode, login, password }) {
  await browser.open(url);
  const answers = { user_code: userCode, login, password };
  for (let page = 0; page < maxPages; page += 1) {
    if (browser.status >= 400)
      throw new Error(`${browser.url.pathname} answered HTTP ${browser.status}: ${browser.text}`);
    const [form] = browser.forms;
    if (form === undefined) return browser.text;
    await browser.submit(Object.fromEntries(Object.entries(answers).filter(([name]) => form.fields.has(name))));
  }
  throw new Error(`the sign-in pages did not come to an end; the last one says: ${browser.text}`);
}
