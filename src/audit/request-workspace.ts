import type { FastifyRequest } from 'fastify';
import { isWorkspaceName } from '../workspaces/workspace-name.js';

/** The workspace that the path of a request names, if it can be one. */
export function requestWorkspace({ params, routeOptions }: FastifyRequest): string | undefined {
  const { workspace, name } = (params ?? {}) as Partial<Record<string, string>>;
  const named = workspace ?? (routeOptions.url?.endsWith('/workspaces/:name') === true ? name : undefined);
  return named !== undefined && isWorkspaceName(named) ? named : undefined;
}
