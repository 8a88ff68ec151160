import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answerAsRecorded, recordedAnswers } from '../../sdk/test/support/original-answers.js';
import { CommandLine } from './support/command-line.js';

describe("the program and the original's platform", () => {
  let line: CommandLine;

  beforeEach(async () => {
    line = await CommandLine.start();
    await line.signedIn();
  });
  afterEach(() => line.end());

  it.each(recordedAnswers)('$id: $source', async (recorded) => {
    answerAsRecorded(line.platform, line.idp, recorded, line.clock.now());
    const { args, exitCode, stdout = '', stderr = '', form } = recorded.cli;
    const result = await line.run(args);
    expect(result).toEqual({
      exitCode,
      stdout: expect.stringMatching(new RegExp(stdout)),
      stderr: expect.stringMatching(new RegExp(stderr)),
    });
    expect(result.stderr).not.toMatch(/fault of the program|TypeError|\[object|undefined/);
    expect(result.stdout).not.toMatch(/\[object|undefined|Invalid Date/);
    if (form !== undefined) expect(line.idp.tokenRequests).toEqual([expect.objectContaining(form)]);
  });
});
