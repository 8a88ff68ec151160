import type { Command } from 'commander';
import { action } from '../command-action.js';
import type { World } from '../world.js';
import { oneMore } from './one-more.js';

const expiresIn = '--expires-in <time>';

/** `auth access-keys …`: tokens of restricted scope for one's programs. */
export function defineAccessKeysCommands(auth: Command, world: World, done: (exitCode: number) => void): void {
  const name = `${world.programName} auth access-keys`;
  const keys = auth.command('access-keys').description('Make, list, rotate and revoke keys for your programs');
  const which = 'its name or id';

  keys
    .command('create')
    .description(
      'Make a key: a token for a program, good for some of what your own is good for; it is printed this once',
    )
    .argument('<name>', 'letters, digits, dots, hyphens and underscores')
    .requiredOption('--scope <scope>', 'what it is good for, once for each scope', oneMore)
    .option(expiresIn, "how long it lives, such as 7d, 12h or 600s (default: the platform's)")
    .addHelpText(
      'after',
      `\nExamples:\n  ${name} create ci --scope platform:read --expires-in 7d\n  export NMP_ACCESS_TOKEN=$(${name} create nightly --scope entities:read --scope models:read)`,
    )
    .action(action(world, done, async () => (await import('./auth/access-keys/create.js')).createAccessKey));

  keys
    .command('list')
    .description('List your keys, those that have ended included')
    .option('--all', "everybody's, for administrators of the platform")
    .option('--owner <owner>', '[--all] those of an id or e-mail address')
    .addHelpText('after', `\nExamples:\n  ${name} list\n  ${name} list --all --owner alice@example.com -f json`)
    .action(action(world, done, async () => (await import('./auth/access-keys/list.js')).listAccessKeys));

  keys
    .command('rotate')
    .description('Make a new key of the same name and scopes; the old one ends')
    .argument('<key>', which)
    .option('--grace <time>', 'how long the old one may be used beside it, such as 1h (default: not at all)')
    .option(expiresIn, 'how long the new one lives (default: as long as the old one lived)')
    .addHelpText('after', `\nExamples:\n  ${name} rotate ci\n  ${name} rotate ci --grace 1h`)
    .action(action(world, done, async () => (await import('./auth/access-keys/rotate.js')).rotateAccessKey));

  keys
    .command('revoke')
    .description('End a key at once')
    .argument('<key>', `${which}; for administrators of the platform, the id of anybody's`)
    .addHelpText('after', `\nExamples:\n  ${name} revoke ci`)
    .action(action(world, done, async () => (await import('./auth/access-keys/revoke.js')).revokeAccessKey));
}
