import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dialogue } from './dialogue.mjs';
import { transcripts } from './recorded.mjs';

const atOnce = 10;

/**
 * Plays every recorded dialogue with the command line program, several at once since most of it is waiting, and tells how
 * they went, provider by provider.
 *
 * @param {{ tally: import('../../../../scripts/process/tally.mjs').Tally }} given
 */
export async function playDialogues({ tally }) {
  tally.begin({
    name: 'Recorded dialogues',
    version: `${transcripts.length} sign-ins and refreshes`,
    kind: 'dialogues',
  });
  const directory = mkdtempSync(join(tmpdir(), 'nmp-dialogues-'));
  try {
    const results = playAll(directory);
    for (const [provider, ids] of byProvider()) {
      await tally.run(`${provider} (${ids.length})`, async () => {
        const failures = (await Promise.all(ids.map((id) => results.get(id)))).filter(
          (failure) => failure !== undefined,
        );
        if (failures.length > 0) throw new Error(failures.join('\n'));
      });
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  tally.end();
}

/** @returns {Map<string, Promise<string | undefined>>} what failed in each dialogue */
function playAll(directory) {
  const results = new Map();
  const lanes = Array.from({ length: atOnce }, () => Promise.resolve());
  for (const [at, transcript] of transcripts.entries()) {
    const lane = at % atOnce;
    const result = lanes[lane].then(() => play(transcript, mkdtempSync(join(directory, 'dialogue-'))));
    lanes[lane] = result;
    results.set(transcript.id, result);
  }
  return results;
}

async function play(transcript, directory) {
  try {
    await new Dialogue(transcript, directory).play();
    return undefined;
  } catch (error) {
    return `${transcript.id}: ${error.message}`;
  }
}

function byProvider() {
  const ids = new Map();
  for (const { id, provider } of transcripts) ids.set(provider, [...(ids.get(provider) ?? []), id]);
  return ids;
}
