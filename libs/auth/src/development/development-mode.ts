/**
 * Whether this is development: `NODE_ENV` is not set, or `development`. Elsewhere it has to be asked for, and in production
 * it cannot be had.
 * @param wanted What the application says about it, if anything.
 */
export function isDevelopment(wanted: boolean | undefined, nodeEnv: string | undefined): boolean {
  if (nodeEnv === 'production') return false;
  return wanted ?? (nodeEnv === undefined || nodeEnv === '' || nodeEnv === 'development');
}
