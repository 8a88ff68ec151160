import type { ValueSource } from './value-source.js';

/** What `@RequirePermissions()` asks for. */
export interface PermissionRequirement {
  /** All of them must be held. */
  readonly permissions: readonly string[];
  /** Where they must be held; `undefined`: where `@WorkspaceScoped()` says, else in the platform as a whole. */
  readonly workspace: ValueSource | undefined;
}
