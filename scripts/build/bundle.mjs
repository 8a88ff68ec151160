import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../process/root.mjs';

/**
 * Writes one file that holds a program with what it needs: Node starts it in less time than it takes to find the
 * modules one by one. CommonJS, because Node starts that sooner too; what `import()` names is evaluated when it is asked
 * for. Beside it go the licences of the packages that are in it.
 *
 * @param {import('./packages.mjs').Package} entry one with a `bundle`
 * @param {string} output
 * @throws {Error} with what the bundler did not understand
 */
export async function bundle({ directory, bundle: { name, from, external } }, output) {
  const { build } = await import('esbuild'); // this file is loaded before anything is installed
  const { metafile } = await build({
    entryPoints: { [name]: join(root, directory, 'src', from) },
    outdir: output,
    outExtension: { '.js': '.cjs' },
    absWorkingDir: root,
    bundle: true,
    external,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    conditions: ['nmp-source'],
    // This form of it can be taken apart: only what is used is in the bundle.
    alias: { yaml: join(root, 'node_modules', 'yaml', 'browser', 'dist', 'index.js') },
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
    minify: true,
    lineLimit: 200, // Node shows the line where a program broke
    legalComments: 'none', // they stand in the file of licences
    metafile: true,
    logLevel: 'silent',
  });
  writeFileSync(join(output, `${name}.licenses.txt`), licencesOf(Object.keys(metafile.inputs)));
}

/** The licences of all packages that the files belong to. */
function licencesOf(files) {
  const directories = new Set(files.map((file) => file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]));
  const texts = [...directories]
    .filter((directory) => directory !== undefined)
    .sort((a, b) => a.localeCompare(b))
    .map((directory) => licenceOf(join(root, directory)));
  return texts.join(`\n\n${'-'.repeat(80)}\n\n`);
}

function licenceOf(directory) {
  const { name, version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file`);
  return `${name} ${version}\n\n${readFileSync(join(directory, file), 'utf8').trim()}\n`;
}
