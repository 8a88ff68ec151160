import { writeSync } from 'node:fs';

/** Prints `N passed, M failed` alone on a line after Jest's own summary, for people and tools that read the last line. */
export default class ClosingLine {
  onRunComplete(_contexts, results) {
    // A suite that could not even be loaded counts as one failure, or a broken import would look like "0 failed".
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    // Jest's summary is always the last reporter, so this line waits for the end of the process.
    process.once('exit', () => writeSync(process.stderr.fd, `\n${results.numPassedTests} passed, ${failed} failed\n`));
  }
}
