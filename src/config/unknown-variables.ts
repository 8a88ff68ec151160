import { distance } from 'fastest-levenshtein';
import { type Environment, settingVariables } from './environment-settings.js';
import { suggestName } from './suggestion.js';

// What Kubernetes and Docker add for a service that is called like that.
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP)(_\w+)?|ENV_\w+)$/;

/**
 * A sentence for each variable that looks like a setting and is none. Other programs have variables with `NMP_`, too, so
 * these are no mistakes for certain; those below `NMP_AUTH_` are, and stop the start.
 */
export function unknownVariables(environment: Environment): string[] {
  const known = settingVariables.map(({ name }) => name);
  const sections = new Set(settingVariables.filter(({ path }) => path.length > 1).map(({ path }) => prefixOf(path)));
  return Object.keys(environment)
    .filter((name) => name.startsWith('NMP_') && !name.startsWith('NMP_AUTH_') && !known.includes(name))
    .filter((name) => !SERVICE_LINK.test(name))
    .filter((name) => [...sections].some((section) => name.startsWith(section)) || isNear(name, known))
    .map((name) => {
      const suggestion = suggestName(name, known);
      const question = suggestion === undefined ? '' : `, did you mean ${suggestion}?`;
      return `${name} is not a setting and changes nothing${question}`;
    });
}

function prefixOf([section = '']: readonly string[]): string {
  return `NMP_${section.toUpperCase()}_`;
}

function isNear(name: string, known: readonly string[]): boolean {
  return known.some((candidate) => distance(name, candidate) <= 2);
}
