import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { ConfigError } from '../../config/config-error.js';
import { RoleCatalogue, type RoleDefinition } from './role-catalogue.js';
import { parseRoles } from './role-definitions.js';
import { roleProblems } from './role-problems.js';

/** A file of roles: what it is called in messages, and what is in it. */
export interface RoleFile {
  readonly name: string;
  readonly text: string;
}

const builtInFile = fileURLToPath(new URL('../../../config/roles.yaml', import.meta.url));

/**
 * Reads the roles of the platform and those of the operator.
 * @param customFile where the operator's roles are; without it there are none
 * @throws {ConfigError} with every problem, when a file cannot be read or is not as it must be
 */
export function readRoleCatalogue(customFile?: string): RoleCatalogue {
  const builtIn = { name: 'config/roles.yaml', text: readFileSync(builtInFile, 'utf8') };
  return roleCatalogueOf(builtIn, customFile === undefined ? undefined : { name: customFile, text: read(customFile) });
}

/** The same from texts. @throws {ConfigError} with every problem of both. */
export function roleCatalogueOf(builtIn: RoleFile, custom?: RoleFile): RoleCatalogue {
  const own = definitionsOf(builtIn);
  const others = custom === undefined ? { definitions: new Map(), problems: [] } : definitionsOf(custom);
  const problems = [
    ...own.problems,
    ...others.problems,
    ...roleProblems({ file: builtIn.name, definitions: own.definitions, known: new Map() }),
    ...(custom === undefined
      ? []
      : roleProblems({ file: custom.name, definitions: others.definitions, known: own.definitions })),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  const all = new Map<string, RoleDefinition>([...own.definitions, ...others.definitions]);
  return new RoleCatalogue(all, new Set(own.definitions.keys()));
}

function definitionsOf({ name, text }: RoleFile): ReturnType<typeof parseRoles> {
  const document = parseDocument(text);
  const problems = document.errors.map(({ message }) => `${name}: ${message.split('\n', 1)[0]?.replace(/:$/, '')}`);
  if (problems.length > 0) return { definitions: new Map(), problems };
  try {
    return parseRoles(name, document.toJS() as unknown);
  } catch (error) {
    // An alias without an anchor, or one that expands without end, is found only here.
    if (!(error instanceof ReferenceError)) throw error;
    return { definitions: new Map(), problems: [`${name}: ${error.message}`] };
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`${file} cannot be read: ${(error as Error).message}`], { cause: error });
  }
}
