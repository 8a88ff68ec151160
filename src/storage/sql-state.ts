/** The SQLSTATE of a failed statement, wherever in the chain of causes the driver put it. */
export function sqlStateOf(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = 'code' in current ? current.code : undefined;
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return undefined;
}

/** Whether the statement failed because a row with the same key exists. @see PostgreSQL, appendix A: class 23 */
export function isUniqueViolation(error: unknown): boolean {
  return sqlStateOf(error) === '23505';
}
