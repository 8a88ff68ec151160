import autocannon from 'autocannon';

const connections = 32;

/**
 * Puts a route under load and counts its answers.
 *
 * @param {{ url: string, tokens?: readonly string[] }} route with tokens, each request takes the next one
 * @param {number} seconds
 * @returns {Promise<number>} requests a second
 * @throws {Error} when an answer was not 200
 */
export async function requestsPerSecond({ url, tokens = [] }, seconds) {
  const requests = tokens.map((token) => ({ method: 'GET', headers: { authorization: `Bearer ${token}` } }));
  const result = await autocannon({ url, connections, duration: seconds, ...(tokens.length > 0 ? { requests } : {}) });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were not 200, ${result.errors} requests failed`);
  }
  return result.requests.average;
}
