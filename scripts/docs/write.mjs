// Writes docs/configuration.md and the badges of README.md anew: `npm run docs`, which builds first.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { authConfigOf } from '../../libs/auth/dist/esm/auth-config.js';
import { optionProblems, readOptions } from '../../libs/auth/dist/esm/option-problems.js';
import { settingProblemOf } from '../../dist/config/auth-options.js';
import { settingVariables } from '../../dist/config/environment-settings.js';
import { loadConfig } from '../../dist/config/load-config.js';
import { settingTree } from '../../dist/config/setting-tree.js';
import { root } from '../process/root.mjs';
import { badgeFolder, badges } from './badges.mjs';
import { configurationPage } from './configuration-page.mjs';
import { pageFile, pageTexts } from './page-texts.mjs';
import { platformSettings } from './platform-settings.mjs';

const { stdout: help } = spawnSync(process.execPath, [join(root, 'libs/cli/bin/nemo.js'), '--help'], {
  encoding: 'utf8',
});
const page = configurationPage({
  platform: platformSettings({ settingTree, settingVariables, loadConfig, settingProblemOf, authConfigOf }),
  optionProblemsOf: (options) => optionProblems(readOptions(options)),
  help,
  ...pageTexts(),
});
writeFileSync(pageFile, page);

rmSync(badgeFolder, { recursive: true, force: true });
mkdirSync(badgeFolder);
for (const [name, image] of Object.entries(badges())) writeFileSync(join(badgeFolder, name), image);
