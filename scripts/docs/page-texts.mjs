import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../process/root.mjs';

export const pageFile = join(root, 'docs', 'configuration.md');

/** The files that the page about every setting is made of. */
export function pageTexts() {
  const auth = join(root, 'libs', 'auth', 'src');
  const sources = readdirSync(auth).filter((name) => /options\.ts$|module-definition\.ts$/.test(name));
  return {
    example: readFileSync(join(root, 'config', 'platform.example.yaml'), 'utf8'),
    optionSources: sources.map((name) => readFileSync(join(auth, name), 'utf8')),
    version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    previous: existsSync(pageFile) ? readFileSync(pageFile, 'utf8') : '',
  };
}
