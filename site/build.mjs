// Builds the site into `site/dist`: `npm run site`, which installs what this needs.
import { build } from 'vitepress';
import { writeApiPages } from './api.mjs';
import { stagePages } from './stage.mjs';

stagePages();
await writeApiPages();
await build(import.meta.dirname);
