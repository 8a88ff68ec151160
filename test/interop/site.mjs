import { join } from 'node:path';
import { ensureInstalled } from '../../scripts/ensure-installed.mjs';
import { root } from '../../scripts/process/root.mjs';
import { runNode } from '../../scripts/process/run-node.mjs';
import { succeed } from '../../scripts/process/succeed.mjs';
import { browserProblem } from './browser.mjs';
import { BuiltPages } from './site/built-pages.mjs';
import { siteInBrowser } from './site/in-browser.mjs';

const site = join(root, 'site');

/**
 * The site of the guides: that it can be built, that its links lead somewhere, and that a browser shows it.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally, screenshots: string }} given
 */
export async function siteSuite({ tally, screenshots }) {
  console.log('\nThe site of the guides');
  const problem = await ensureInstalled(site).then(
    () => undefined,
    (error) => error.message,
  );
  if (problem !== undefined) return tally.unavailable('site', problem);
  const built = await tally.run('it is built, without a dead link or a docstring that is missing', async () => {
    await succeed(runNode([join(root, 'scripts', 'site.mjs')], { capture: true }));
    return new BuiltPages(join(site, 'dist'));
  });
  if (built === undefined) return undefined;
  await tally.run('its links lead to pages, and to headings of them', async () => none(built.brokenLinks()));
  await tally.run('it loads nothing from elsewhere', async () => none(built.foreignResources()));
  if (browserProblem()) return tally.unavailable('the site in Chromium', browserProblem());
  return siteInBrowser({ tally, folder: join(site, 'dist'), screenshots: join(screenshots, 'site') });
}

function none(problems) {
  if (problems.length > 0) throw new Error(problems.slice(0, 20).join('\n'));
}
