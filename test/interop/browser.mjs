import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const executable = '/usr/bin/chromium';
const flags = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Says why there is no Chromium to test with, or nothing when there is. */
export function browserProblem() {
  return existsSync(executable) ? undefined : `${executable} does not exist`;
}

/** A Chromium without a window, with a profile of its own, that keeps a picture of every page it is told to. */
export class Browser {
  /** What the pages complained about: script errors, blocked resources, failed requests. */
  complaints = [];
  #context;
  #screenshots;
  #taken = 0;

  constructor(context, screenshots) {
    this.#context = context;
    this.#screenshots = screenshots;
  }

  /**
   * @param {string} profile folder for the profile
   * @param {string} screenshots folder for the pictures
   */
  static async start(profile, screenshots) {
    mkdirSync(screenshots, { recursive: true });
    const viewport = { width: 900, height: 700 };
    const options = { executablePath: executable, headless: true, args: flags, viewport };
    return new Browser(await chromium.launchPersistentContext(profile, options), screenshots);
  }

  /** Opens a page in a new tab. */
  async open(url) {
    const page = await this.#context.newPage();
    this.watch(page);
    await page.goto(url);
    return page;
  }

  /** Listens to what a page complains about: one that another page has opened, say. */
  watch(page) {
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  /** Keeps a picture of the page, or of what of it is in the window; they are numbered in the order they were taken. */
  async picture(page, name, { fullPage = true } = {}) {
    this.#taken += 1;
    const file = `${String(this.#taken).padStart(2, '0')}-${name}.png`;
    await page.screenshot({ path: join(this.#screenshots, file), fullPage });
  }

  /** Signs out everywhere by forgetting all cookies. */
  async forget() {
    await this.#context.clearCookies();
  }

  async close() {
    await this.#context.close();
  }
}
