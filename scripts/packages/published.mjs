import { packages } from '../build/packages.mjs';

/**
 * The packages that are published, each after those it needs; `isDual` for those that are both ES modules and CommonJS.
 *
 * @type {readonly { name: string, directory: string, isDual: boolean }[]}
 */
export const published = packages
  .filter(({ directory }) => directory.startsWith('libs/'))
  .map(({ name, directory, compilations }) => ({ name, directory, isDual: 'tsconfig.cjs.json' in compilations }));
