/**
 * Waits for a program that must succeed.
 *
 * @param {Promise<{ code: number, output: string }>} running from `runCommand` with `capture`
 * @returns {Promise<string>} what it printed
 * @throws {Error} with what it printed, when it failed
 */
export async function succeed(running) {
  const { code, output } = await running;
  if (code !== 0) throw new Error(`exit code ${code}\n${output.trim()}`);
  return output;
}
