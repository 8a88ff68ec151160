/**
 * Answers the questions of the process that forked this one, and ends with it.
 *
 * @param {Record<string, (details: any) => unknown>} answers by what is asked
 */
export function answerQuestions(answers) {
  process.on('message', async ({ id, what, ...details }) => {
    process.send({ id, answer: (await answers[what](details)) ?? {} });
  });
  process.on('disconnect', () => process.exit());
}
