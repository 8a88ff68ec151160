import { suggestName } from '../../config/suggestion.js';
import type { RoleDefinition } from './role-catalogue.js';

/** The roles of one file as far as they could be understood, and what could not. */
export interface ParsedRoles {
  readonly definitions: ReadonlyMap<string, RoleDefinition>;
  readonly problems: readonly string[];
}

const keys = ['description', 'includes', 'permissions'];

/** Takes the content of a file of roles apart. Whether the roles make sense together is looked at elsewhere. */
export function parseRoles(file: string, content: unknown): ParsedRoles {
  if (!isMapping(content) || !isMapping(content['roles'])) {
    return {
      definitions: new Map(),
      problems: [`${file}: it must be a mapping with the key "roles", a mapping of roles`],
    };
  }
  const problems = Object.keys(content)
    .filter((key) => key !== 'roles')
    .map((key) => `${file}: unknown key "${key}"`);
  const definitions = new Map<string, RoleDefinition>();
  for (const [name, value] of Object.entries(content['roles'])) {
    const path = `${file}: roles.${name}`;
    if (isMapping(value)) {
      problems.push(...unknownKeys(path, value));
      definitions.set(name, definitionOf(path, value, problems));
    } else {
      problems.push(`${path} must be a mapping`);
    }
  }
  return { definitions, problems };
}

function unknownKeys(path: string, value: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(value)
    .filter((key) => !keys.includes(key))
    .map((key) => {
      const meant = suggestName(key, keys);
      return `${path}: unknown key "${key}"${meant === undefined ? '' : `, did you mean "${meant}"?`}`;
    });
}

function definitionOf(path: string, value: Readonly<Record<string, unknown>>, problems: string[]): RoleDefinition {
  const description = value['description'] ?? '';
  if (typeof description !== 'string') problems.push(`${path}.description must be a text`);
  return Object.freeze({
    description: typeof description === 'string' ? description : '',
    includes: listOf(`${path}.includes`, value['includes'], problems),
    permissions: listOf(`${path}.permissions`, value['permissions'], problems),
  });
}

function listOf(path: string, value: unknown, problems: string[]): readonly string[] {
  const list: unknown = value ?? [];
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) {
    problems.push(`${path} must be a list of texts`);
    return [];
  }
  return Object.freeze([...new Set(list)]);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
