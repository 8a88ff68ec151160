import { MAX_MINTED_LIFE_SECONDS } from '../../config/token-exchange-config.js';

const DAY_MS = 86_400_000;
// Verifiers may hold a key set for ten minutes, and their clocks may differ by five.
const MARGIN_MS = 900_000;
const MAX_LEAD_MS = DAY_MS;

/** A key as far as its times are concerned. Each generation follows the one before. */
export interface ScheduledKey {
  readonly generation: number;
  readonly signsFrom: Date;
  /** The end of the last access key that it may have signed. */
  readonly neededUntil?: Date | undefined;
}

/** When keys are made, sign, and are given up. All of it follows from what is stored and the time, so that instances agree. */
export class KeySchedule {
  private readonly rotationMs: number;
  /** How long a key is published before it signs, so that every verifier has it by then. */
  readonly leadMs: number;
  /** How long a key is published after it has signed for the last time: until all that it signed has ended for everybody. */
  readonly retirementMs: number;

  /** @param longestLifeSeconds of a token that the keys sign, where that is longer than the life of what is exchanged */
  constructor(rotationDays: number, longestLifeSeconds = 0) {
    this.retirementMs = Math.max(MAX_MINTED_LIFE_SECONDS, longestLifeSeconds) * 1000 + MARGIN_MS;
    this.rotationMs = rotationDays * DAY_MS;
    this.leadMs = Math.min(MAX_LEAD_MS, this.rotationMs / 2);
  }

  /** The key that signs now: the last one whose time has come. */
  signing<Key extends ScheduledKey>(keys: readonly Key[], now: Date): Key | undefined {
    return keys.findLast(({ signsFrom }) => signsFrom <= now);
  }

  /** The keys that tokens may still be verified with, or soon will be. */
  published<Key extends ScheduledKey>(keys: readonly Key[], now: Date): Key[] {
    return keys.filter(({ neededUntil }, at) => {
      const successor = keys[at + 1];
      if (successor === undefined || now.getTime() < successor.signsFrom.getTime() + this.retirementMs) return true;
      return neededUntil !== undefined && now.getTime() < neededUntil.getTime() + MARGIN_MS;
    });
  }

  /** The generation to make now, and when it begins to sign; `undefined` when it is not time for one. */
  due(keys: readonly ScheduledKey[], now: Date): ScheduledKey | undefined {
    const newest = keys.at(-1);
    // Nobody can hold a key set without the first key.
    if (newest === undefined) return { generation: 1, signsFrom: now };
    const planned = newest.signsFrom.getTime() + this.rotationMs;
    if (now.getTime() < planned - this.leadMs) return undefined;
    const signsFrom = new Date(Math.max(planned, now.getTime() + this.leadMs));
    return { generation: newest.generation + 1, signsFrom };
  }
}
