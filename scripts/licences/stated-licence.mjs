import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How the text of the MIT licence begins and goes on, however its lines are broken. */
const mitText = /permission is hereby granted, free of charge, to any person obtaining a copy of this software/i;

/**
 * The licence that an installed package states about itself, for packages of which the lock file says nothing: in today's
 * form, in the form of npm's first years, or as the text itself.
 *
 * @param {string} directory
 * @returns {string | undefined} an SPDX expression
 */
export function statedLicence(directory) {
  const file = join(directory, 'package.json');
  if (!existsSync(file)) return undefined;
  const { license, licenses } = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof license === 'string') return license;
  if (typeof license?.type === 'string') return license.type;
  if (Array.isArray(licenses) && licenses.length > 0) return licenses.map(({ type }) => type).join(' AND ');
  const texts = readdirSync(directory)
    .filter((name) => /^(licen[cs]e|readme)(\.|$)/i.test(name))
    .map((name) => readFileSync(join(directory, name), 'utf8').replaceAll(/\s+/g, ' '));
  return texts.some((text) => mitText.test(text)) ? 'MIT' : undefined;
}
