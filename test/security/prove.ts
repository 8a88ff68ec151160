import { afterAll, describe, expect, it } from '@jest/globals';
import type { TestIssuer } from '@nmp/auth/testing';
import { adapters } from '../support/http-apps.js';
import type { Answer } from './answers.js';
import { accepted } from './answers.js';
import { casesOf } from './cases.js';
import { type Attempt, Stage, type StageSetting } from './stage.js';

/** Requests, or nothing when the steps of a row have looked at the answers themselves. */
type Attempts = Attempt | (Attempt | Promise<Attempt>)[] | void;
type Steps = (stage: Stage) => Attempts | Promise<Attempts>;

/** One attack: what is sent, what it must get, and the closest thing to it that must pass. */
export interface Row {
  readonly id: string;
  readonly what: string;
  readonly attack: Steps;
  /** What every request of the attack gets. */
  readonly answer: Answer;
  /** @default a GET with a good token, and nothing odd about it */
  readonly neighbour?: Steps;
  /** The attack costs no request to the issuer. */
  readonly silent?: true;
  /** The attack changes clock or keys: its neighbour has a stage of its own. */
  readonly apart?: true;
  readonly setting?: StageSetting;
  /** Last changes before the application starts; may add to the options. */
  readonly prepare?: (issuer: TestIssuer, stage: Stage) => StageSetting | void | Promise<StageSetting | void>;
}

/** Plays every row of a section on every adapter, and at the end prints which of its cases are proven. */
export function proveSection(letter: string, rows: readonly Row[]): void {
  const ids = casesOf(letter);
  const failed = new Set<string>(ids);
  const pending = new Map<string, number>();
  for (const { id } of rows) pending.set(id, (pending.get(id) ?? 0) + adapters.length);

  describe.each(adapters)(`security ${letter} on %s`, (adapter) => {
    it.each(rows)('$id: $what', async (row) => {
      await play(row, await openStage(row));
      if (row.apart) await pass(row, await openStage(row));
      const left = (pending.get(row.id) ?? 0) - 1;
      pending.set(row.id, left);
      if (left === 0) failed.delete(row.id);
    });

    async function openStage({ setting, prepare }: Row): Promise<Stage> {
      const stage = await Stage.set(adapter, setting?.issuer);
      try {
        const more = (await prepare?.(stage.issuer, stage)) ?? {};
        await stage.open({ ...setting, ...more });
      } catch (error) {
        await stage.close();
        throw error;
      }
      return stage;
    }
  });

  it('has a row for every case', () => {
    expect([...pending.keys()].toSorted()).toEqual([...ids].toSorted());
  });

  afterAll(() => {
    const proven = ids.filter((id) => !failed.has(id));
    process.stdout.write(`${letter}: ${proven.join(' ')} (${proven.length} of ${ids.length})\n`);
  });
}

const goodToken: Steps = (stage) => stage.token();

async function play(row: Row, stage: Stage): Promise<void> {
  try {
    if (!row.apart) await expectAll(stage, row.neighbour ?? goodToken, accepted);
    const fetches = stage.issuer.requests.length;
    await expectAll(stage, row.attack, row.answer);
    if (row.silent) expect(stage.issuer.requests).toHaveLength(fetches);
    if (!row.apart) await expectAll(stage, row.neighbour ?? goodToken, accepted);
  } finally {
    await stage.close();
  }
}

async function pass(row: Row, stage: Stage): Promise<void> {
  try {
    await expectAll(stage, row.neighbour ?? goodToken, accepted);
  } finally {
    await stage.close();
  }
}

async function expectAll(stage: Stage, steps: Steps, answer: Answer): Promise<void> {
  const attempts = await steps(stage);
  if (attempts === undefined) return;
  for (const attempt of [attempts].flat()) await stage.expect(await attempt, answer);
}
