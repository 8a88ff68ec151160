/** Reads an option that may be given several times: once for each value. */
export function oneMore(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
