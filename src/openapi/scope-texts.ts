/** What the platform's scopes are for, for those who choose some of them at sign-in. */
export const scopeTexts: Readonly<Record<string, string>> = {
  'platform:read': 'Read whatever you may read',
  'platform:write': 'Change whatever you may change',
  'entities:read': 'Read workspaces, their members and projects',
  'entities:write': 'Change workspaces, their members and projects',
  'auth:read': 'Read access keys, role bindings and audit events',
  'auth:write': 'Change access keys and role bindings',
};
