import { rulesOf } from './route-rules.js';

// What Nest's decorators write on controllers and their methods. The package does not export the name.
const pathKey = 'path';

/**
 * Names a route whose workspace is said to be in a parameter that its path has not.
 * @returns `undefined` when there is nothing to say.
 */
export function missingParameter(method: object, controller: { readonly name: string }): string | undefined {
  const paths = [Reflect.getMetadata(pathKey, controller), Reflect.getMetadata(pathKey, method)] as unknown[];
  if (paths[1] === undefined) return undefined; // no route
  const path = paths.flat().filter(isText).join('/');
  const { permissions, workspace } = rulesOf(method, controller);
  const sources = permissions.map((requirement) => requirement.workspace ?? workspace);
  const missing = sources.find((source) => source?.in === 'param' && !hasParameter(path, source.name));
  if (missing === undefined || missing.in !== 'param') return undefined;
  const name = `${controller.name}.${(method as { name?: string }).name}`;
  return `${name} asks for permissions in the workspace of the path parameter "${missing.name}", which "${path}" has not`;
}

function hasParameter(path: string, name: string): boolean {
  return new RegExp(`[:*]${name}(?![A-Za-z0-9_])`).test(path) || path.includes('(');
}

function isText(part: unknown): part is string {
  return typeof part === 'string';
}
