import type { IncomingMessage } from 'node:http';

const maximumBytes = 16 * 1024;

/** Reads the fields of a submitted form; anything that is no form, or too long, has none. */
export async function readFormBody(request: IncomingMessage): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')) {
    return new URLSearchParams();
  }
  const chunks: Buffer[] = [];
  let length = 0;
  // A request that is given up here still gets its answer.
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maximumBytes) return new URLSearchParams();
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
