import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { StartUpError } from '../start-up-error.js';

/**
 * Reads the configuration file as it is written; nothing is checked but that it is a mapping.
 * @returns `undefined` when the file does not exist and does not have to.
 * @throws {StartUpError} when it is missing though named, cannot be read, or is not YAML.
 */
export function readConfigFile(path: string, isRequired: boolean): Record<string, unknown> | undefined {
  const text = readText(path, isRequired);
  if (text === undefined) return undefined;
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw invalid(path, firstLine(error.message).replace(/:$/, ''), error);
  const content = convert(path, () => document.toJS() as unknown);
  if (content === null) return {};
  if (typeof content !== 'object' || Array.isArray(content)) throw invalid(path, 'it must be a mapping of settings');
  return content as Record<string, unknown>;
}

function readText(path: string, isRequired: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!isRequired && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StartUpError(`the configuration file ${path} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** An alias without an anchor, or one that expands without end, is found only here. */
function convert<T>(path: string, conversion: () => T): T {
  try {
    return conversion();
  } catch (error) {
    throw invalid(path, firstLine((error as Error).message), error);
  }
}

function invalid(path: string, reason: string, cause?: unknown): StartUpError {
  return new StartUpError(`the configuration file ${path} is not valid: ${reason}`, { cause });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
