import type { Command } from 'commander';
import { action } from '../command-action.js';
import type { World } from '../world.js';
import { oneMore } from './one-more.js';

const waitText = 'return when the platform knows the change wherever it decides';

/** The option of commands that change roles. */
export const waitOption = ['--wait', waitText] as const;

/** `workspaces members …`: list and change who has which roles in a workspace. */
export function defineMembersCommands(workspaces: Command, world: World, done: (exitCode: number) => void): void {
  const name = `${world.programName} workspaces members`;
  const members = workspaces.command('members').description('List and change who has which roles in a workspace');
  const whose = ['--workspace <name>', "whose members (default: the context's workspace, NMP_WORKSPACE)"] as const;
  const who = 'an e-mail address, the id of a user or client, group:<name>, service:<name>, or * for everybody';

  members
    .command('list')
    .description('List the members of a workspace, with their roles')
    .option(...whose)
    .addHelpText('after', `\nExamples:\n  ${name} list --workspace demo\n  ${name} list -f json`)
    .action(action(world, done, async () => (await import('./workspaces/members/list.js')).listMembers));

  members
    .command('create')
    .description('Give somebody roles, beside those they have')
    .argument('<principal>', who)
    .option('--role <role>', 'role to give, once for each (default: Editor)', oneMore)
    .option(...whose)
    .option(...waitOption)
    .addHelpText(
      'after',
      `\nExamples:\n  ${name} create bob@example.com --role Viewer --workspace demo\n  ${name} create group:team-ml --role Editor --wait`,
    )
    .action(action(world, done, async () => (await import('./workspaces/members/create.js')).createMember));

  members
    .command('update')
    .description('Give somebody exactly these roles, and no others')
    .argument('<principal>', who)
    .requiredOption('--role <role>', 'role to have, once for each', oneMore)
    .option(...whose)
    .option(...waitOption)
    .addHelpText('after', `\nExamples:\n  ${name} update bob@example.com --role Viewer --role Editor --workspace demo`)
    .action(action(world, done, async () => (await import('./workspaces/members/update.js')).updateMember));

  members
    .command('delete')
    .description('Take every role away from somebody')
    .argument('<principal>', who)
    .option(...whose)
    .option(...waitOption)
    .addHelpText('after', `\nExamples:\n  ${name} delete bob@example.com --workspace demo`)
    .action(action(world, done, async () => (await import('./workspaces/members/delete.js')).deleteMember));
}
