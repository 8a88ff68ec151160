import type { Clock } from '../clock.js';

// The longest time that a timer of Node takes; a longer one would end at once.
const MAX_TIMER_MS = 2_147_483_647;
const MIN_TIMER_MS = 5;

/**
 * Calls back, once, when the clock shows a time. The timer only wakes: the clock decides, and where it has been set back,
 * or stands still, the timer goes on.
 * @returns what calls it off.
 */
export function atTime(clock: Clock, timeMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const leftMs = timeMs - clock.now().getTime();
    timer = setTimeout(look, Math.min(Math.max(leftMs, MIN_TIMER_MS), MAX_TIMER_MS)).unref();
  };
  const look = (): void => {
    if (clock.now().getTime() < timeMs) wait();
    else callback();
  };
  wait();
  return () => clearTimeout(timer);
}
