import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { headingAnchor } from '../../scripts/docs/heading-anchor.mjs';
import { root } from '../../scripts/process/root.mjs';
import { apiGroup, apiSidebars } from '../api-sidebar.mjs';
import { guideSidebar } from '../sidebar.mjs';
import { mermaidFence } from './mermaid-fence.mjs';

const { version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b6e4f"/>' +
  '<path d="M4 12V4h2l4 5V4h2v8h-2L6 7v5z" fill="#fff"/></svg>';

export default defineConfig({
  title: 'nemo-platform',
  description,
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
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
    sidebar: { ...apiSidebars(), '/': [...guideSidebar(), apiGroup()] },
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
