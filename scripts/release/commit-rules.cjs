/**
 * How commits are read, which version they ask for, and how they stand in the changelog: a preset of
 * commit-and-tag-version.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

/** The types of commits that ask for a release, as the changelog calls them, in its order. */
const sections = { feat: 'Features', fix: 'Fixes', perf: 'Performance', revert: 'Taken back' };

const [major, minor, patch] = [0, 1, 2];

const parserOpts = {
  headerPattern: /^(\w+)(?:\(([^)]*)\))?(!)?: (.+)$/,
  headerCorrespondence: ['type', 'scope', 'bang', 'subject'],
  noteKeywords: ['BREAKING CHANGE', 'BREAKING-CHANGE'],
};

/** A new feature is a minor version. So is what breaks something, until there is a 1.0: there, `^0.2.0` ends at 0.3. */
function whatBump(commits) {
  if (commits.some((commit) => breaks(commit))) return { level: isBeforeOne() ? minor : major };
  const types = new Set(commits.map(({ type }) => type));
  if (types.has('feat')) return { level: minor };
  return Object.keys(sections).some((type) => types.has(type)) ? { level: patch } : undefined;
}

const writerOpts = {
  transform: ({ type, scope, bang, subject, notes, hash }) => {
    const isBreaking = breaks({ bang, notes });
    if (!isBreaking && !Object.hasOwn(sections, type)) return undefined;
    const texts = notes.length > 0 ? notes.map(({ text }) => text) : [subject];
    return {
      section: sections[type] ?? 'Others',
      scope,
      subject,
      shortHash: hash?.slice(0, 7),
      notes: isBreaking ? texts.map((text) => ({ title: 'Breaking changes', text })) : [],
    };
  },
  groupBy: 'section',
  commitGroupsSort: (a, b) => orderOf(a.title) - orderOf(b.title),
  commitsSort: ['scope', 'subject'],
  mainTemplate: `## [{{version}}] - {{date}}
{{#each noteGroups}}

### {{title}}

{{#each notes}}
- {{#if commit.scope}}**{{commit.scope}}:** {{/if}}{{text}}
{{/each}}
{{/each}}

### From the commits
{{#each commitGroups}}

#### {{title}}

{{#each commits}}
- {{#if scope}}**{{scope}}:** {{/if}}{{subject}} ({{shortHash}})
{{/each}}
{{/each}}
`,
  headerPartial: '',
  commitPartial: '',
  footerPartial: '',
};

function breaks({ bang, notes }) {
  return bang === '!' || notes.length > 0;
}

function isBeforeOne() {
  const { version } = JSON.parse(readFileSync(join(process.cwd(), 'package.json'), 'utf8'));
  return version.startsWith('0.');
}

function orderOf(title) {
  const at = Object.values(sections).indexOf(title);
  return at === -1 ? Infinity : at;
}

module.exports = { parserOpts, writerOpts, recommendedBumpOpts: { parserOpts, whatBump } };
