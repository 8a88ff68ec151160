import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** Where the whole description is told; each time anew, where nobody prevents it. */
const paths: ReadonlySet<string> = new Set([
  '/openapi.json',
  '/docs/swagger-ui-init.js',
  '/docs/docs/swagger-ui-init.js',
]);

interface Prepared {
  readonly version: string;
  readonly text: unknown;
  readonly etag: string;
  readonly type: string;
}

/**
 * Makes the texts of the description once and not for everybody who asks, and tells who has them that they are the same.
 * @param versionOf says from when on they are others
 */
export function prepareDescription(instance: FastifyInstance, versionOf: () => Promise<string>): void {
  const texts = new Map<string, Prepared>();
  instance.addHook('onRoute', (route) => {
    if (!paths.has(route.url)) return;
    const before = [route.preHandler ?? []].flat();
    route.preHandler = [
      ...before,
      async (request, reply) => {
        const prepared = texts.get(route.url);
        if (prepared === undefined || prepared.version !== (await versionOf())) return undefined;
        reply.header('etag', prepared.etag);
        if (request.headers['if-none-match'] === prepared.etag) return reply.code(304).send();
        return reply.type(prepared.type).send(prepared.text);
      },
    ];
    // Before the body of an answer to HEAD is left out.
    const after = [route.onSend ?? []].flat();
    route.onSend = [
      async (_request, reply, payload) => {
        if (reply.statusCode !== 200 || typeof payload !== 'string' || reply.hasHeader('etag')) return payload;
        const etag = `"${createHash('sha256').update(payload).digest('base64url')}"`;
        const type = String(reply.getHeader('content-type'));
        texts.set(route.url, { version: await versionOf(), text: Buffer.from(payload), etag, type });
        reply.header('etag', etag);
        return payload;
      },
      ...after,
    ];
  });
}
