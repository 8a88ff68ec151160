import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { headingAnchor } from '../../scripts/docs/heading-anchor.mjs';
import { root } from '../../scripts/process/root.mjs';
import { apiSidebar } from '../api-sidebar.mjs';
import { guideSidebar } from '../sidebar.mjs';
import { mermaidFence } from './mermaid-fence.mjs';

const { version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

export default defineConfig({
  title: 'nemo-platform',
  description,
  srcDir: '.content',
  outDir: 'dist',
  cacheDir: '.cache',
  // The guides name addresses of the quickstart. Every other link that leads nowhere ends the build.
  ignoreDeadLinks: 'localhostLinks',
  // The index of the search and Mermaid are large, and loaded when they are needed.
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  markdown: {
    // Only what is written as a link is one: `app.ts` and `README.md` are no hosts.
    linkify: false,
    attrs: { disable: true },
    anchor: { slugify: headingAnchor },
    config: mermaidFence,
  },
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/guides' },
      { text: 'API', link: '/api/' },
      { text: `v${version}`, link: '/changelog' },
    ],
    sidebar: [...guideSidebar(), apiSidebar()],
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
