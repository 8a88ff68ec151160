import type { CommandContext } from '../../../context.js';

/** The option of every command about members. */
export interface WorkspaceOption {
  readonly workspace?: string;
}

/** The workspace that is meant: the one named, else the context's. */
export async function workspaceOf(context: CommandContext, { workspace }: WorkspaceOption): Promise<string> {
  return workspace ?? (await context.settings()).workspace;
}
