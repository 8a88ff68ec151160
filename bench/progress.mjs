/** Says on stderr what is going on, and since when. */
export function progress(text) {
  const minutes = Math.floor(performance.now() / 60_000);
  const seconds = Math.floor((performance.now() / 1000) % 60);
  console.error(`${minutes}:${String(seconds).padStart(2, '0')}  ${text}`);
}
