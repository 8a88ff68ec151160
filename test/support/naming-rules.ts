const vagueFileNames = /(?:^|[-.])(?:helpers?|utils?|manager|common|shared)(?:[-.]|$)|^(?:core|base)\./;
const vagueTypeNames = /^(?:AuthService|\w+(?:Manager|Helpers?|Utils?|Impl))$/;
const declarations = /^\s*export\s+(?:abstract\s+)?(?:class|interface|type|function|const)\s+(\w+)/gm;

/**
 * Finds names that say nothing about what is in them, and exports that hide what a file gives.
 *
 * @returns one line per offence, `path:line: what is wrong`
 */
export function offendingNames(files: readonly { readonly path: string; readonly text: string }[]): string[] {
  return files.flatMap(({ path, text }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return [
      ...(vagueFileNames.test(name) ? [`${path}:1: "${name}" does not say what is in the file`] : []),
      ...(isInnerIndex(path) ? [`${path}:1: only a package's entry is called index.ts`] : []),
      ...matches(text, declarations, (declared) =>
        vagueTypeNames.test(declared) || /^I[A-Z][a-z]/.test(declared) ? `"${declared}" is a name to avoid` : undefined,
      ).map((offence) => `${path}:${offence}`),
      ...matches(text, /^export (\*)/gm, () => 'exports are named one by one').map((offence) => `${path}:${offence}`),
    ];
  });
}

function matches(text: string, pattern: RegExp, judge: (name: string) => string | undefined): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const reason = judge(match[1] ?? '');
    const line = text.slice(0, match.index + match[0].length).split('\n').length;
    return reason === undefined ? [] : [`${line}: ${reason}`];
  });
}

function isInnerIndex(path: string): boolean {
  return path.endsWith('/index.ts') && !/^(?:libs\/[^/]+\/)?src\/(?:testing\/)?index\.ts$/.test(path);
}
