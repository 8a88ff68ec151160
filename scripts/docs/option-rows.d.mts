export declare function optionRows(
  sources: readonly string[],
  entry: string,
  problemsOf: (options: unknown) => readonly string[],
): { path: string; takes: string; default: string; sentence: string }[];
