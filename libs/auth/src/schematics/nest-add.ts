import type { Rule } from '@angular-devkit/schematics';
import { addAuth } from './add-auth.js';
import type { NestAddOptions } from './nest-add-options.js';
import { applicationTools } from './tools.js';

/**
 * The schematic behind `nest add @nmp/auth`.
 *
 * @see `schema.json` for its options
 */
export function nestAdd(options: NestAddOptions): Rule {
  return (tree, context) => addAuth(tree, context, options, applicationTools(process.cwd()));
}
