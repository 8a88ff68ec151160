/**
 * Ends a program that has the test kit in it and may have real callers: the kit makes tokens that an application believes.
 * @throws {Error} where `NODE_ENV` is `production`
 */
export function refuseProduction(): void {
  if (process.env.NODE_ENV !== 'production') return;
  throw new Error(
    '@nmp/auth/testing makes tokens that an application believes, and NODE_ENV is production: import it in test files ' +
      'only, and run tests with another NODE_ENV',
  );
}

// Importing any of the kit is enough.
refuseProduction();
