/** The commands in a sentence, under the name the program was called by. */
export function calledBy(programName: string, sentence: string): string {
  return sentence.replaceAll(/\bnemo (?=(auth|config|workspaces)\b)/g, `${programName} `);
}
