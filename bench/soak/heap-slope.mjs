/**
 * How fast something grows: the slope of the line that fits best.
 *
 * @param {readonly { minutes: number, value: number }[]} samples
 * @returns {number} for each minute
 */
export function slopeOf(samples) {
  const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const middle = mean(samples.map(({ minutes }) => minutes));
  const level = mean(samples.map(({ value }) => value));
  const spread = samples.reduce((sum, { minutes }) => sum + (minutes - middle) ** 2, 0);
  const together = samples.reduce((sum, { minutes, value }) => sum + (minutes - middle) * (value - level), 0);
  return spread === 0 ? 0 : together / spread;
}
