/**
 * Answers the questions of the process that forked this one, and ends with it.
 *
 * @param {Record<string, (details: any) => unknown>} answers by what is asked
 */
export function answerQuestions(answers) {
  const reply = async ({ id, what, ...details }) => {
    process.send({ id, answer: (await answers[what](details)) ?? {} });
  };
  process.on('message', (question) => void reply(question));
  process.on('disconnect', () => process.exit());
}
