import type { Clock } from '@nmp/sdk';
import { printable } from '@nmp/sdk';

/**
 * A fetch that tells what it asks and what comes back: method, address and status. Headers, bodies and query strings, where
 * secrets are, stay unsaid.
 */
export function verboseFetch(fetchFunction: typeof fetch, clock: Clock, say: (text: string) => void): typeof fetch {
  return async (input, init) => {
    const what = `${init?.method ?? 'GET'} ${addressOf(input)}`;
    const start = clock.now().getTime();
    const took = (): string => `${clock.now().getTime() - start} ms`;
    try {
      const response = await fetchFunction(input, init);
      const request = response.headers.get('x-request-id');
      const id = request === null ? '' : `, request ${printable(request, 100)}`;
      say(`[${what}: HTTP ${response.status}, ${took()}${id}]`);
      return response;
    } catch (error) {
      say(`[${what}: no answer, ${took()}]`);
      throw error;
    }
  };
}

function addressOf(input: string | URL | Request): string {
  const { origin, pathname } = new URL(input instanceof Request ? input.url : input);
  return printable(origin + pathname);
}
