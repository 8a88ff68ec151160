/**
 * @typedef {object} Package
 * @property {string} name as people call it
 * @property {string} directory relative to the root of the repository
 * @property {readonly string[]} needs names of the packages whose built types it is compiled against
 * @property {Record<string, string>} compilations tsconfig file (in `directory`) → folder under `dist`
 * @property {{ name: string, from: string, external: readonly string[] }} [bundle] a program in one file: its name, the
 *   source it starts from (in `src`), and the packages that stay outside, loaded when they are needed
 * @property {readonly string[]} [pages] pages of `docs` that go with it, to the top of `dist`
 * @property {readonly string[]} [assets] files and folders under `src` copied to the same place under `dist`
 */

const dual = { 'tsconfig.build.json': 'esm', 'tsconfig.cjs.json': 'cjs' };
const single = { 'tsconfig.build.json': '.' };

/**
 * Everything that is built, in an order in which each package comes after what it needs.
 *
 * @type {readonly Package[]}
 */
export const packages = [
  { name: '@nmp/tokens', directory: 'libs/tokens', needs: [], compilations: dual },
  {
    name: '@nmp/auth',
    directory: 'libs/auth',
    needs: ['@nmp/tokens'],
    compilations: { ...dual, 'tsconfig.schematics.json': 'schematics' },
    assets: ['schematics/collection.json', 'schematics/schema.json'],
    pages: ['errors.md'],
  },
  { name: '@nmp/sdk', directory: 'libs/sdk', needs: ['@nmp/tokens'], compilations: single },
  {
    name: '@nmp/cli',
    directory: 'libs/cli',
    needs: ['@nmp/sdk', '@nmp/tokens'],
    compilations: single,
    bundle: { name: 'nemo', from: 'main.ts', external: ['@inquirer/prompts', 'cli-table3', 'open', 'undici'] },
  },
  { name: '@nmp/dev-idp', directory: 'libs/dev-idp', needs: [], compilations: single },
  {
    name: 'platform',
    directory: '.',
    needs: ['@nmp/auth', '@nmp/tokens'],
    compilations: single,
    assets: ['storage/migrations', 'messages/auth.proto'],
  },
];
