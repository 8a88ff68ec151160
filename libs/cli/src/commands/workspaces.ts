import type { Command } from 'commander';
import { action } from '../command-action.js';
import type { World } from '../world.js';
import { defineMembersCommands, waitOption } from './members.js';

/** `workspaces …`: list and change the workspaces one may see, and who may do what in them. */
export function defineWorkspacesCommands(program: Command, world: World, done: (exitCode: number) => void): void {
  const name = world.programName;
  const workspaces = program.command('workspaces').description('List and change workspaces and their members');

  workspaces
    .command('list')
    .description('List the workspaces you may see')
    .option('--sort <field>', 'field to sort by, with "-" before it for descending order')
    .addHelpText('after', `\nExamples:\n  ${name} workspaces list\n  ${name} workspaces list --sort name -f json`)
    .action(action(world, done, async () => (await import('./workspaces/list.js')).listWorkspaces));

  workspaces
    .command('create')
    .description('Create a workspace; you become its administrator')
    .argument('<name>', 'lower-case letters, digits and hyphens')
    .option('--description <text>', 'what it is for')
    .option(...waitOption)
    .addHelpText('after', `\nExamples:\n  ${name} workspaces create demo --description "First steps"`)
    .action(action(world, done, async () => (await import('./workspaces/create.js')).createWorkspace));

  workspaces
    .command('get')
    .description("Show one workspace: the one named, else the context's (NMP_WORKSPACE)")
    .argument('[name]')
    .addHelpText('after', `\nExamples:\n  ${name} workspaces get demo`)
    .action(action(world, done, async () => (await import('./workspaces/get.js')).getWorkspace));

  workspaces
    .command('update')
    .description("Change a workspace's description")
    .argument('<name>')
    .requiredOption('--description <text>', 'what it is for')
    .addHelpText('after', `\nExamples:\n  ${name} workspaces update demo --description "Second steps"`)
    .action(action(world, done, async () => (await import('./workspaces/update.js')).updateWorkspace));

  workspaces
    .command('delete')
    .description('Delete a workspace')
    .argument('<name>')
    .addHelpText('after', `\nExamples:\n  ${name} workspaces delete demo`)
    .action(action(world, done, async () => (await import('./workspaces/delete.js')).deleteWorkspace));

  defineMembersCommands(workspaces, world, done);
}
