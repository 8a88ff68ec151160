import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from '../browser.mjs';
import { serveFiles } from './file-server.mjs';

/**
 * Looks at the built site with a real browser.
 *
 * @param {{ tally: import('../../../scripts/process/tally.mjs').Tally, folder: string, screenshots: string }} given
 */
export async function siteInBrowser({ tally, folder, screenshots }) {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-site-'));
  const server = await serveFiles(folder);
  const browser = await Browser.start(join(directory, 'profile'), screenshots);
  try {
    await tally.run('a browser shows the navigation, and code in colours', () => showsGuide(browser, server.url));
    await tally.run('diagrams are drawn, in light and in dark', () => drawsDiagrams(browser, server.url));
    await tally.run('the search finds a decorator in the API reference', () => finds(browser, server.url));
    await tally.run('no page complains', async () => {
      if (browser.complaints.length > 0) throw new Error(browser.complaints.join('\n'));
    });
  } finally {
    await browser.close();
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function showsGuide(browser, url) {
  const page = await browser.open(`${url}/`);
  await page.setViewportSize({ width: 1400, height: 900 });
  const groups = await page.locator('.VPSidebar .level-0 > .item .text').allTextContents();
  for (const group of ['Identity providers', 'Operations', 'API reference']) {
    if (!groups.includes(group)) throw new Error(`the navigation has no ${group}: ${groups.join(', ')}`);
  }
  const colours = await page
    .locator('.language-ts code span[style]')
    .evaluateAll((spans) => new Set(spans.map((span) => getComputedStyle(span).color)).size);
  if (colours < 3) throw new Error(`the code has ${colours} colours`);
  await browser.picture(page, 'first-page');
}

const diagrams = [
  { path: 'architecture.html', count: 3, label: 'AuthGuard' },
  { path: 'security-model.html', count: 1, label: 'Open Policy Agent' },
];

async function drawsDiagrams(browser, url) {
  for (const { path, count, label } of diagrams) {
    const page = await browser.open(`${url}/${path}`);
    await page.setViewportSize({ width: 1400, height: 900 });
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme });
      await page.waitForFunction(
        (isDark) => document.documentElement.classList.contains('dark') === isDark,
        theme === 'dark',
      );
      await page
        .locator('.mermaid-diagram svg')
        .nth(count - 1)
        .waitFor();
      const texts = await page.locator('.mermaid-diagram svg').allTextContents();
      if (texts.length !== count) throw new Error(`${path} has ${texts.length} diagrams, not ${count}`);
      if (texts.some((text) => /syntax error/i.test(text))) throw new Error(`${path} has a diagram that is none`);
      await page.locator('.mermaid-diagram .nodeLabel', { hasText: label }).first().waitFor({ state: 'visible' });
      await browser.picture(page, `${path.replace('.html', '')}-${theme}`);
    }
  }
}

async function finds(browser, url) {
  const page = await browser.open(`${url}/guides.html`);
  await page.keyboard.press('Control+k');
  await page.locator('#localsearch-input').fill('RequireAnyScope');
  const result = page.locator('.VPLocalSearchBox .result[href*="/api/"]').first();
  await result.waitFor();
  await result.click();
  await page.waitForURL(/\/api\//);
  await browser.picture(page, 'api-reference');
}
