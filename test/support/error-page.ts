/** A section of the page about one code. */
export interface ErrorSection {
  readonly code: string;
  /** What stands first: the status and the meaning. */
  readonly meaning: string;
  /** The lines below it: causes, how to check, what to do. */
  readonly points: Readonly<Record<string, string>>;
  readonly lineCount: number;
}

/** The sections of `docs/errors.md`, in their order: those whose heading is a code. */
export function errorSections(page: string): ErrorSection[] {
  const parts = page.split(/^### `([^`]+)`$/m).slice(1);
  return parts.flatMap((code, at) => (at % 2 === 0 ? [sectionOf(code, parts[at + 1] ?? '')] : []));
}

function sectionOf(code: string, rest: string): ErrorSection {
  const text = rest.split(/^## /m)[0]?.trim() ?? '';
  const [meaning = ''] = text.split('\n\n');
  const points = [...text.matchAll(/^- \*\*(\w+):\*\* (.+(?:\n {2}.+)*)/gm)].map(([, name = '', told = '']) => [
    name,
    told,
  ]);
  return {
    code,
    meaning,
    points: Object.fromEntries(points) as Record<string, string>,
    lineCount: text.split('\n').length,
  };
}

/** What is wrong with the sections as a whole: codes that are not told of, those that there are not, and those told of twice. */
export function sectionProblems(sections: readonly { readonly code: string }[], codes: ReadonlySet<string>): string[] {
  const told = sections.map(({ code }) => code);
  return [
    ...[...codes].filter((code) => !told.includes(code)).map((code) => `${code} has no section`),
    ...told.filter((code) => !codes.has(code)).map((code) => `${code} is no code`),
    ...told.filter((code, at) => told.indexOf(code) < at).map((code) => `${code} has two sections`),
  ];
}
