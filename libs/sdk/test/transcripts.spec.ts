import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { clientRules, rulesOf, unknownTranscripts } from './support/client-rules.js';
import { StubIdp } from './support/stub-idp.js';
import { TranscriptPlayer } from './support/transcript-player.js';
import type { Transcript } from './support/transcripts.js';
import { expectedOf, transcripts } from './support/transcripts.js';

describe('what identity providers answer', () => {
  let player: TranscriptPlayer | undefined;

  afterEach(async () => {
    await player?.close();
    player = undefined;
  });

  const named = transcripts.map(
    (transcript) => [[...rulesOf(transcript.id), transcript.id].join(' '), transcript] as const,
  );
  const left = new Set(Object.values(clientRules).flat());

  it.each(named)('%s', async (_, transcript) => {
    player = await TranscriptPlayer.start(transcript, new Error('Ctrl-C'));
    const { outcome, reason } = expectedOf(transcript);
    expect(await player.play()).toEqual({ outcome, reason });
    expectRequests(player);
    await expectStored(player);
    left.delete(transcript.id);
  });

  it('are many, and show every rule of a client', () => {
    expect(transcripts.length).toBeGreaterThanOrEqual(135);
    expect(Object.keys(clientRules)).toEqual(Array.from({ length: 15 }, (_, at) => `C${at + 1}`));
    expect(unknownTranscripts).toEqual([]);
  });

  it('C14 an ID token never takes the place of an access token', async () => {
    const transcript = transcripts.find(({ id }) => id === 'generic-password-success');
    const idp = await StubIdp.start();
    if (transcript === undefined) throw new Error('No such transcript');
    const answer = {
      status: 200,
      headers: {},
      json: { id_token: idp.accessToken({ now: new Date() }), token_type: 'Bearer' },
    };
    const steps = transcript.steps.map((step) => ({ ...step, response: answer }));
    player = await TranscriptPlayer.start({ ...transcript, steps }, new Error('Ctrl-C'));
    expect(await player.play()).toEqual({ outcome: 'failure', reason: 'malformed_response' });
    expect(await player.stored()).toBeUndefined();
    await idp.close();
  });

  afterAll(() => {
    const rules = Object.entries(clientRules);
    const proven = rules.filter(([, ids]) => !ids.some((id) => left.has(id))).map(([rule]) => rule);
    process.stdout.write(`C: ${proven.join(' ')} (${proven.length} of ${rules.length})\n`);
  });
});

function expectRequests({ transcript, exchanges, requests, waits }: TranscriptPlayer): void {
  const asked = requests.map(({ form, headers }) => ({ form, accept: headers.accept }));
  const recorded = exchanges.map(({ request }) => ({
    form: expect.objectContaining(request.form),
    accept: 'application/json',
  }));
  // A refresh that got no answer is asked for once more, since the provider may have rotated already.
  const repeated = isUnanswered(transcript) ? recorded : [];
  expect(asked).toEqual([...recorded, ...repeated]);
  if (transcript.expected.waits_s) expect(waits).toEqual(transcript.expected.waits_s);
}

function isUnanswered({ flow, expected }: Transcript): boolean {
  return flow === 'refresh' && expected.reason === 'network_error';
}

async function expectStored(player: TranscriptPlayer): Promise<void> {
  const { flow, expected } = player.transcript;
  const { outcome } = expectedOf(player.transcript);
  const stored = await player.stored();
  const sent = player.form.refresh_token;
  const answer = player.exchanges.at(-1)?.response;
  const body = answer && 'json' in answer ? (answer.json as Record<string, unknown>) : {};
  if (outcome === 'success') {
    expect(stored?.refreshToken).toBe(body.refresh_token ?? (flow === 'refresh' ? sent : undefined));
    expect(stored?.token).toMatch(/./);
    expect(stored?.token).not.toBe('an-old-token');
    const { expires_in: seconds } = expected.stored ?? {};
    if (seconds !== undefined) {
      const expiresAt = seconds === null ? undefined : new Date(player.clock.now().getTime() + seconds * 1000);
      expect(stored?.expiresAt).toEqual(expiresAt);
    }
  } else if (flow === 'refresh') {
    expect(stored).toMatchObject({ token: 'an-old-token' });
    expect(stored?.refreshToken).toBe(expected.reason === 'invalid_grant' ? undefined : sent);
  } else {
    expect(stored).toBeUndefined();
  }
}
