/** A sentence of the SDK as the program says it: the commands in it under the name it was called by, and its own options. */
export function calledBy(programName: string, sentence: string): string {
  return sentence
    .replaceAll(/\bnemo (?=(auth|config|workspaces)\b)/g, `${programName} `)
    .replaceAll('(baseUrl, or NMP_BASE_URL)', '(--base-url, or NMP_BASE_URL)');
}
