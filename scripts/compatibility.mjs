import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './process/root.mjs';

/**
 * @typedef {import('./process/tally.mjs').Part & { date: string }} TriedPart
 */

const dataFile = join(root, 'docs', 'compatibility.json');
const pageFile = join(root, 'docs', 'compatibility.md');
const signs = { passed: '✓', 'not offered': '–', unavailable: 'unavailable', failed: 'FAILED' };

const introduction = `# What it has been tried with

Written by \`npm run test:interop -- --write-compatibility\`; every check is a test of that run, with the built platform and
the built \`nemo\`. ✓ is passed, – is not offered by the other side; the reasons stand below each table.`;

const sections = [
  {
    kind: 'provider',
    title: 'Identity providers: real servers',
    text: 'Each is started from its own distribution and set up as its page says; people sign in on its own pages in Chromium.',
  },
  {
    kind: 'simulated provider',
    title: 'Identity providers: simulated',
    text: `There is no server of these to be had. A simulator serves the discovery documents, keys, headers and claims that were
recorded of each, and gives its recorded answers, under the names of its hosts, by TLS through a proxy. What is special about
a provider stands in a table in \`test/interop/providers/simulated/tables\`. This is no proof that a product has not changed
since.`,
  },
  {
    kind: 'gateway',
    title: 'Gateways',
    text: 'The platform and a guarded service behind each, with the configuration files that are deployed.',
  },
  {
    kind: 'broker',
    title: 'Message brokers',
    text: 'A guarded microservice of Nest behind each, and a client before it.',
  },
  {
    kind: 'dialogues',
    title: 'Recorded dialogues',
    text: 'What providers answer during sign-in and refresh, played to `nemo`: its exit code, its words, its waits and what it stores.',
  },
];

/**
 * The page of everything that has been tried.
 *
 * @param {readonly TriedPart[]} parts
 * @returns {Promise<string>}
 */
export async function compatibilityPage(parts) {
  const written = sections
    .map((section) => ({ ...section, parts: parts.filter(({ kind }) => kind === section.kind) }))
    .filter((section) => section.parts.length > 0)
    .map(({ title, text, parts: own }) => [`## ${title}`, text, ...tableOf(own), ...notesOf(own)].join('\n\n'));
  const prettier = await import('prettier');
  const options = { ...(await prettier.resolveConfig(pageFile)), parser: 'markdown' };
  return prettier.format([introduction, ...written].join('\n\n'), options);
}

/** Everything that has been tried, in this run or in an earlier one. */
export function triedParts() {
  return existsSync(dataFile) ? JSON.parse(readFileSync(dataFile, 'utf8')).parts : [];
}

/**
 * Puts the results of a run in the place of those before, and writes the page anew; nothing if anything failed.
 *
 * @param {import('./process/tally.mjs').Tally} tally
 */
export async function writeCompatibility({ parts, failed }) {
  if (failed > 0) {
    console.log('The compatibility page is left as it is, since something failed');
    return;
  }
  const date = new Date().toISOString().slice(0, 10);
  const merged = new Map(triedParts().map((part) => [part.name, part]));
  for (const part of parts) merged.set(part.name, { ...part, date });
  const all = [...merged.values()].toSorted((one, other) => one.name.localeCompare(other.name));
  const prettier = await import('prettier');
  const options = { ...(await prettier.resolveConfig(dataFile)), parser: 'json' };
  writeFileSync(dataFile, await prettier.format(JSON.stringify({ parts: all }), options));
  writeFileSync(pageFile, await compatibilityPage(all));
}

/** Prints the table of each kind of counterpart that was tried in this run. */
export function printCompatibility(parts) {
  for (const { kind, title } of sections) {
    const own = parts.filter((part) => part.kind === kind);
    if (own.length === 0 || kind === 'dialogues') continue;
    console.log(`\n${title}`);
    own.forEach(({ name, version }, at) => console.log(`  ${letter(at)}  ${name} ${version}`));
    console.log(`  ${own.map((_, at) => letter(at).padEnd(3)).join('')}`);
    for (const row of rowsOf(own)) {
      console.log(`  ${own.map((part) => signIn(part, row).slice(0, 2).padEnd(3)).join('')} ${row}`);
    }
  }
}

/** What was tried with each of them; what was tried with some alone is told below the table. */
function rowsOf(parts) {
  const tried = parts.filter((part) => !isUnavailable(part));
  const [first, ...others] = tried.map(({ checks }) => checks.map(({ name }) => name));
  return (first ?? []).filter((name) => others.every((names) => names.includes(name)));
}

function tableOf(parts) {
  const head = `| | ${parts.map(({ name, version, date }) => `${name}<br>${version}<br>${date}`).join(' | ')} |`;
  const rule = `| --- | ${parts.map(() => ':-:').join(' | ')} |`;
  const rows = rowsOf(parts).map((row) => `| ${row} | ${parts.map((part) => signIn(part, row)).join(' | ')} |`);
  return [[head, rule, ...rows].join('\n')];
}

function notesOf(parts) {
  const rows = rowsOf(parts);
  return parts.flatMap((part) => {
    const reasons = new Map();
    for (const { name, result, reason } of part.checks) {
      if (reason === undefined) continue;
      const said = `${result === 'unavailable' ? 'Unavailable' : 'Not offered'} – ${reason}`;
      reasons.set(said, [...(reasons.get(said) ?? []), name]);
    }
    const more = part.checks.filter(({ name, result }) => result === 'passed' && !rows.includes(name));
    const lines = [
      ...[...reasons].map(([said, names]) => `- ${said}: ${names.join('; ')}`),
      ...(more.length > 0 ? [`- Passed as well: ${more.map(({ name }) => name).join('; ')}`] : []),
    ];
    return lines.length === 0 ? [] : [`### ${part.name}`, lines.join('\n')];
  });
}

function signIn(part, row) {
  if (isUnavailable(part)) return signs.unavailable;
  return signs[part.checks.find(({ name }) => name === row)?.result] ?? '';
}

function isUnavailable({ checks }) {
  return checks.every(({ result }) => result === 'unavailable');
}

function letter(at) {
  return String.fromCodePoint(65 + at);
}
