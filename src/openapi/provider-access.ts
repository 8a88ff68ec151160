import type { FastifyInstance } from 'fastify';
import { swaggerPolicy } from '../http/security-headers.js';

const pagePaths: ReadonlySet<string> = new Set(['/docs', '/docs/', '/docs/index.html']);

/**
 * Lets the page at `/docs` talk to the identity provider, and to nobody else. Where that is may be known only once its
 * document was read, so it is found out for each request of the page.
 */
export function openPageToProvider(instance: FastifyInstance, connectSources: () => Promise<readonly string[]>): void {
  instance.addHook('onRoute', (route) => {
    if (!pagePaths.has(route.url)) return;
    const before = [route.onRequest ?? []].flat();
    route.onRequest = [
      ...before,
      async (_request, reply) => {
        reply.header('content-security-policy', swaggerPolicy(await connectSources()));
      },
    ];
  });
}
