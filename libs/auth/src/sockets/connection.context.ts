import type { ExecutionContext } from '@nestjs/common';
import { MissingTokenError, type Principal } from '@nmp/tokens';
import { attachSession } from '../carriers/ws.js';

/** The call of `handleConnection`, as guards see calls: Nest asks none of them before it. */
export function connectionContext(gateway: object, handler: object, principal: Principal): ExecutionContext {
  const client = {};
  attachSession(client, {
    principal,
    identify: () => {
      if (principal.kind === 'anonymous') throw new MissingTokenError();
      return principal;
    },
    renew: () => Promise.reject(new MissingTokenError()),
  });
  const args = [client];
  const call = { getType: () => 'ws', getArgs: () => args, getHandler: () => handler, getClass: () => gateway };
  return call as unknown as ExecutionContext; // all that the module's guards ask for
}
