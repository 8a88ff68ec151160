import { createProgram, type World } from '@nmp/cli';

type Command = ReturnType<typeof createProgram>;

/** Nothing is run, so the program needs to know no more of the world than its own name. */
const program = createProgram({ programName: 'nemo' } as World, () => undefined);

/**
 * Finds calls of `nemo` that cannot be: a command or an option that there is not.
 * @param text A script, or a line of one.
 */
export function commandProblems(text: string): string[] {
  const calls = text.replaceAll(/\\\n\s*/g, ' ').split(/[\n;|&()`{}<>]|\$\(/);
  return calls.flatMap((call) => {
    const words = call.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
    const start = words.findIndex((word) => !/^[A-Z_]+=|^(?:npx|--no-install|sudo|exec)$|^["']/.test(word));
    return start >= 0 && /^(?:nemo|nmp)$/.test(words[start] ?? '') ? problemsOf(words.slice(start + 1), call) : [];
  });
}

function problemsOf(words: readonly string[], call: string): string[] {
  const problems: string[] = [];
  let command = program;
  let isValue = false;
  for (const word of words) {
    const value = isValue;
    isValue = false;
    if (value) continue;
    if (word.startsWith('-')) {
      const found = optionOf(command, word);
      if (found === undefined) problems.push(`${call.trim()}: there is no option ${word}`);
      isValue = found?.required === true && !word.includes('=');
    } else if (command.commands.length > 0 && !/^…|\$/.test(word)) {
      const next = command.commands.find((child) => child.name() === word);
      if (next === undefined) problems.push(`${call.trim()}: there is no command ${word}`);
      command = next ?? command;
    }
  }
  return problems;
}

function optionOf(command: Command, word: string): { readonly required: boolean } | undefined {
  const name = word.split('=')[0] ?? '';
  if (name === '--help' || name === '-h') return { required: false };
  return [...command.options, ...program.options].find(({ long, short }) => long === name || short === name);
}
