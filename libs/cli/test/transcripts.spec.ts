import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Interruption } from '@nmp/cli';
import { TranscriptPlayer } from '../../sdk/test/support/transcript-player.js';
import type { Transcript } from '../../sdk/test/support/transcripts.js';
import { expectedOf, exchangesOf, transcripts } from '../../sdk/test/support/transcripts.js';
import type { CommandResult } from './support/command-line.js';
import { CommandLine } from './support/command-line.js';

const secretMembers = ['device_code', 'access_token', 'refresh_token', 'id_token', 'password', 'mfa_token', 'totp'];
const exitCodes = { success: [0], failure: [1, 3], cancelled: [130] };

describe('what nemo makes of the answers of identity providers', () => {
  let line: CommandLine;
  let player: TranscriptPlayer | undefined;

  beforeEach(async () => {
    line = await CommandLine.start();
  });
  afterEach(async () => {
    await player?.close();
    player = undefined;
    await line.end();
  });

  it.each(transcripts.map((transcript) => [transcript.id, transcript] as const))('%s', async (_, transcript) => {
    player = await TranscriptPlayer.start(transcript, new Interruption(130));
    const { exitCode, stdout, stderr } = await play(player);
    const expected = expectedOf(transcript);
    expect(exitCodes[expected.outcome]).toContain(exitCode);
    expect(stdout).toBe('');
    for (const words of expected.message_should_mention ?? []) {
      expect(stderr.toLowerCase()).toContain(words.toLowerCase());
    }
    for (const secret of secretsOf(transcript)) expect(stderr).not.toContain(secret);
    // eslint-disable-next-line no-control-regex -- that no control characters are there is what is asserted
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
    if (expected.outcome === 'failure') expect(stderr).toMatch(/^Error: .*\S/m);
    if (transcript.flow === 'device' && exitCode !== 0) expect(await player.stored()).toBeUndefined();
  });

  async function play(played: TranscriptPlayer): Promise<CommandResult> {
    const { form, clientSecret, baseUrl, transcript, clock, signal, config } = played;
    const { username = '', password = '' } = form;
    const isRefresh = transcript.flow === 'refresh';
    if (isRefresh) await played.prepareRefresh();
    const login = ['auth', 'login', '--base-url', baseUrl];
    const byPassword = transcript.flow === 'password' ? ['--username', username, '--password', password] : [];
    return line.run(isRefresh ? ['auth', 'refresh'] : [...login, ...byPassword], {
      fetchTrusting: () => played.fetch,
      clock,
      signal,
      env: {
        NMP_CONFIG_FILE: config.path,
        ...(clientSecret === undefined ? {} : { NMP_OIDC_CLIENT_SECRET: clientSecret }),
      },
    });
  }
});

/** Everything in a transcript that nobody may read on a screen. */
function secretsOf(transcript: Transcript): string[] {
  return exchangesOf(transcript).flatMap(({ request, response }) => {
    const json = 'json' in response ? (response.json as Record<string, unknown>) : {};
    return secretMembers
      .flatMap((name) => [request.form[name], json[name]])
      .filter((value): value is string => typeof value === 'string' && !value.startsWith('@fixture:'));
  });
}
