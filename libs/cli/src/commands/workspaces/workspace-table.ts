import type { Workspace } from '@nmp/sdk';
import type { CommandContext } from '../../context.js';
import type { Table } from '../../output/table.js';

/** Workspaces as a person sees them. */
export function workspaceTable({ timeText }: CommandContext, workspaces: readonly Workspace[]): Table {
  return {
    head: ['Name', 'Description', 'Created', 'Created by'],
    rows: workspaces.map((workspace) => [
      workspace.name,
      workspace.description ?? '',
      workspace.created_at ? timeText(workspace.created_at) : '',
      workspace.created_by_email ?? workspace.created_by ?? '',
    ]),
  };
}
