import { failed, figuresFor, rateOf } from './soak/load-figures.mjs';
import { measureAttacks } from './soak/attackers.mjs';
import { measureOverload } from './soak/overload.mjs';
import { measureSteady } from './soak/steady.mjs';
import { onStage } from './soak/stage.mjs';
import { progress } from './progress.mjs';

const connections = 64;
const overloadConnections = 3_000;
const share = 0.8;
const warmUpSeconds = 4;
const longestPhaseSeconds = 10;

/**
 * The platform, and a Nest application with nothing but `AuthModule`, under load: what each can do, then four fifths of
 * that for a while, three times as much, and beside attackers.
 *
 * @param {{ seconds: number, applications: readonly ('platform' | 'library')[] }} how long the steady load lasts; the others
 *   last a third of it, and 10 seconds at the most
 */
export async function measureSoak({ seconds, applications }) {
  const phaseSeconds = Math.min(longestPhaseSeconds, Math.max(1, seconds / 3));
  const figures = [];
  for (const application of applications) {
    figures.push(...(await onStage(application, (stage) => measureApplication(stage, seconds, phaseSeconds))));
  }
  return figures;
}

async function measureApplication(stage, seconds, phaseSeconds) {
  const { application, load } = stage;
  const told = (what) => progress(`${application}: ${what}`);
  await load.ask('asFastAsAnswered', { seconds: warmUpSeconds, connections });
  const most = await load.ask('asFastAsAnswered', { seconds: phaseSeconds, connections });
  const capacity = rateOf(most);
  if (failed(most) > 0 || capacity === 0) throw new Error(`${application} fails requests: ${JSON.stringify(most)}`);
  told(`can do ${Math.round(capacity)} requests/s`);

  const steady = await measureSteady(stage, { seconds, capacity, share, connections });
  told(`${seconds} s at ${share * 100} %`);
  const overload = await measureOverload(stage, {
    seconds: phaseSeconds,
    capacity,
    connections: overloadConnections,
    steadyConnections: connections,
  });
  told('three times as much');
  const attacks = await measureAttacks(stage, { seconds: phaseSeconds, capacity, connections });
  told('attacked');
  return [figuresFor(application, 'soak').of('capacity', capacity, 'requests/s'), ...steady, ...overload, ...attacks];
}
