/** The entries of the packages, by the names that programs import. */
export const apiEntries = {
  '@nmp/auth': 'libs/auth/src/index.ts',
  '@nmp/auth/testing': 'libs/auth/src/testing/index.ts',
  '@nmp/tokens': 'libs/tokens/src/index.ts',
  '@nmp/sdk': 'libs/sdk/src/index.ts',
};
