import type { Command } from 'commander';

/** The words that can follow a command's own words. */
interface CompletionEntry {
  /** The command's words, without the program's; empty for the program itself. */
  readonly path: string;
  readonly subcommands: readonly string[];
  readonly options: readonly string[];
}

/** A shell script that completes the commands and options of a program. It needs the program no more: nothing is slow. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', program: Command): string {
  const name = program.name();
  const entries = entriesOf(program, '', program.options);
  if (shell === 'fish') return fishScript(name, entries);
  return shell === 'bash' ? bashScript(name, entries) : zshScript(name, entries);
}

function entriesOf(command: Command, path: string, globalOptions: Command['options']): CompletionEntry[] {
  const options = [...new Set([...command.options, ...globalOptions])].flatMap(({ long }) => long ?? []);
  const children = command.commands.map((child) => ({ child, word: child.name() }));
  return [
    { path, subcommands: children.map(({ word }) => word), options: [...options, '--help'] },
    ...children.flatMap(({ child, word }) => entriesOf(child, `${path} ${word}`.trim(), globalOptions)),
  ];
}

/** Goes through the words that are there: those that lead on to a known command make up its path. (`path`, `commands` and `options` mean more in zsh.) */
function pathLoop(entries: readonly CompletionEntry[], words: string): string {
  const known = entries.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  return `  for word in ${words}; do
    case "\${so_far:+$so_far }$word" in
      ${known.join('|')}) so_far="\${so_far:+$so_far }$word" ;;
    esac
  done`;
}

function candidates(entries: readonly CompletionEntry[]): string {
  const cases = entries.map(
    ({ path, subcommands, options }) =>
      `    '${path}') offers='${subcommands.join(' ')}' flags='${options.join(' ')}' ;;`,
  );
  return `  case "$so_far" in\n${cases.join('\n')}\n  esac`;
}

function bashScript(name: string, entries: readonly CompletionEntry[]): string {
  return `_${name}_complete() {
  local current="\${COMP_WORDS[COMP_CWORD]}" so_far='' word offers='' flags=''
${pathLoop(entries, '"${COMP_WORDS[@]:1:COMP_CWORD-1}"')}
${candidates(entries)}
  if [[ $current == -* ]]; then offers="$flags"; fi
  COMPREPLY=($(compgen -W "$offers" -- "$current"))
}
complete -o default -F _${name}_complete ${name}
`;
}

function zshScript(name: string, entries: readonly CompletionEntry[]): string {
  return `#compdef ${name}
_${name}_complete() {
  local current="\${words[CURRENT]}" so_far='' word offers='' flags=''
${pathLoop(entries, '"${words[@]:1:CURRENT-2}"')}
${candidates(entries)}
  if [[ $current == -* ]]; then offers="$flags"; fi
  if [[ -n $offers ]]; then compadd -- \${=offers}; else _files; fi
}
compdef _${name}_complete ${name}
`;
}

function fishScript(name: string, entries: readonly CompletionEntry[]): string {
  const known = entries.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const lines = entries.flatMap(({ path, subcommands, options }) => {
    const condition = `-n 'test "$(__${name}_path)" = "${path}"'`;
    return [
      ...(subcommands.length > 0 ? [`complete -c ${name} ${condition} -f -a '${subcommands.join(' ')}'`] : []),
      ...options.map((option) => `complete -c ${name} ${condition} -l ${option.replace(/^--/, '')}`),
    ];
  });
  return `function __${name}_path
  set -l path ''
  for word in (commandline -opc)[2..-1]
    set -l longer (string trim -- "$path $word")
    if contains -- $longer ${known.join(' ')}
      set path $longer
    end
  end
  echo $path
end
${lines.join('\n')}
`;
}
