/**
 * The life of a process under load: it starts the application that its arguments name, tells the URL to the process that
 * forked it, and ends with that one.
 *
 * @param {Record<string, (given: object) => Promise<string>>} applications
 */
export async function serve(applications) {
  const [name, given] = process.argv.slice(2);
  process.send({ url: await applications[name](JSON.parse(given)) });
  process.on('disconnect', () => process.exit());
}
