import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../process/root.mjs';

/** Where the badges of README.md are. */
export const badgeFolder = join(root, 'docs', 'badges');

/**
 * The badges of README.md: each says what stands in a file of the repository, so that none can go stale unseen.
 *
 * @returns {Record<string, string>} SVG images by the names of their files
 */
export function badges() {
  const { version, license, engines } = read('package.json');
  const auth = read('libs/auth/package.json');
  const facts = {
    version: ['version', version],
    licence: ['licence', license],
    node: ['Node', engines.node],
    nest: ['Nest', majorsOf(auth.peerDependencies['@nestjs/common'])],
    types: ['types', auth.exports['.'].import.types.endsWith('.d.ts') ? 'included' : 'none'],
    providers: ['identity providers tried', providersTried()],
  };
  return Object.fromEntries(
    Object.entries(facts).map(([name, [label, value]]) => [`${name}.svg`, badge(label, value)]),
  );
}

/** @param {string} range such as `^11.0.0 || ^12.0.0` */
function majorsOf(range) {
  return [...range.matchAll(/\^(\d+)/g)].map(([, major]) => major).join(' | ');
}

/** Servers, and those of which there are only recorded dialogues, apart from each other. */
function providersTried() {
  const { parts } = read('docs/compatibility.json');
  const count = (wanted) => parts.filter(({ kind }) => kind === wanted).length;
  return `${count('provider')} real, ${count('simulated provider')} from records`;
}

function read(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

function badge(label, value) {
  const left = widthOf(label);
  const right = widthOf(value);
  const text = `${escaped(label)}: ${escaped(value)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${text}">
  <title>${text}</title>
  <rect width="${left + right}" height="20" rx="3" fill="#24292f" />
  <path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-${right - 3}z" fill="#0b6e4f" />
  <g fill="#fff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11" text-anchor="middle">
    <text x="${left / 2}" y="14">${escaped(label)}</text>
    <text x="${left + right / 2}" y="14">${escaped(value)}</text>
  </g>
</svg>
`;
}

/** Wide enough for any text of as many letters, at the size of 11. */
function widthOf(text) {
  return Math.round(text.length * 6.9) + 12;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
