/** The roles that the platform itself gives. */
export type SeededRole = 'Viewer' | 'Editor' | 'Admin' | 'WorkspaceCreator' | 'PlatformAdmin';

/** The workspace whose bindings hold for the platform as a whole. */
export const SYSTEM_WORKSPACE = 'system';
/** The workspace everybody may work in from the start. */
export const DEFAULT_WORKSPACE = 'default';
/** What the platform itself is called where it is written down who did something. */
export const PLATFORM_ITSELF = 'system';
/** The principal of a binding that holds for everybody who is signed in. */
export const EVERYBODY = '*';
