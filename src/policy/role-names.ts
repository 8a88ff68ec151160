/** The roles that the platform itself gives. */
export type SeededRole = 'Viewer' | 'Editor' | 'Admin' | 'WorkspaceCreator' | 'PlatformAdmin';

/** The workspace whose bindings hold for the platform as a whole. */
export const SYSTEM_WORKSPACE = 'system';
/** The workspace everybody may work in from the start. */
export const DEFAULT_WORKSPACE = 'default';
/** The principal of a binding that holds for everybody who is signed in. */
export const EVERYBODY = '*';
