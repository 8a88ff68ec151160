/**
 * @typedef {object} Instruction
 * @property {string} name in capitals
 * @property {Record<string, string>} flags what stands before the rest as `--name=value`
 * @property {string} text the rest, on one line
 * @property {readonly string[] | undefined} list the rest, where it is a list in JSON
 */

/**
 * @typedef {object} Stage
 * @property {string} base an image, or the name of a stage before
 * @property {string} name empty where it has none
 * @property {readonly Instruction[]} instructions without its FROM
 */

/**
 * Takes a Dockerfile apart, as far as ours go: no here-documents, no parser directives, arguments in FROM alone.
 *
 * @param {string} text
 * @returns {{ stages: readonly Stage[] }}
 * @throws {Error} about a line that is no instruction
 */
export function parseDockerfile(text) {
  const instructions = logicalLines(text).map(instructionOf);
  const values = {};
  const stages = [];
  for (const instruction of instructions) {
    if (instruction.name === 'ARG' && stages.length === 0) {
      const [name, value = ''] = instruction.text.split('=');
      values[name] = value;
    } else if (instruction.name === 'FROM') {
      const [image, , name = ''] = instruction.text.split(/\s+/);
      stages.push({ base: image.replaceAll(/\$\{(\w+)\}/g, (_, key) => values[key] ?? ''), name, instructions: [] });
    } else {
      const stage = stages.at(-1);
      if (stage === undefined) throw new Error(`${instruction.name} stands before the first FROM`);
      stage.instructions.push(instruction);
    }
  }
  return { stages };
}

/** The instructions of a stage that have this name. */
export function instructionsOf({ instructions }, name) {
  return instructions.filter((instruction) => instruction.name === name);
}

/** Comments are taken out, and lines that end in a backslash go on in the next one. */
function logicalLines(text) {
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
}

function instructionOf(line) {
  const [, name, rest] = /^([A-Z]+)\s+(\S.*)$/.exec(line) ?? [];
  if (name === undefined) throw new Error(`not an instruction: ${line}`);
  const flags = {};
  let text = rest;
  for (let flag = /^--([\w-]+)=(\S+)\s+/.exec(text); flag !== null; flag = /^--([\w-]+)=(\S+)\s+/.exec(text)) {
    flags[flag[1]] = flag[2];
    text = text.slice(flag[0].length);
  }
  const json = /^(?:CMD\s+)?(\[.*\])$/.exec(text)?.[1];
  return { name, flags, text, list: json === undefined ? undefined : JSON.parse(json) };
}
