import { expect } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import { Public, RequireScopes } from '@nmp/auth';
import { noCredentials } from '../answers.js';
import type { Row } from '../prove.js';
import type { Stage } from '../stage.js';
import { HandlerCalls, StageController } from '../stage.controller.js';

/** Handlers that are called by something which the module does not know. */
@Controller()
class TransportHandlers {
  constructor(private readonly calls: HandlerCalls) {}

  closed(): string {
    return this.answer();
  }

  @RequireScopes('orders:read')
  scoped(): string {
    return this.answer();
  }

  @Public()
  open(): string {
    return this.answer();
  }

  private answer(): string {
    this.calls.note();
    return 'reached';
  }
}

/** Calls a handler as Nest's own transports do: through the application's guards, in a context of that kind. */
async function callAs(
  stage: Stage,
  type: string,
  method: 'closed' | 'scoped' | 'open',
  args: unknown[],
): Promise<unknown> {
  const handlers = stage.get(TransportHandlers);
  const call = stage
    .get(ExternalContextCreator)
    .create(handlers, handlers[method], method, undefined, undefined, undefined, undefined, undefined, type);
  return call.apply(handlers, args);
}

/** What each kind of context hands to a handler, with a good token wherever it might be looked for. */
function argumentsOf(type: string, token: string): unknown[] {
  const headers = { authorization: `Bearer ${token}` };
  const request = { headers, rawHeaders: ['Authorization', `Bearer ${token}`] };
  const byType: Record<string, unknown[]> = {
    rpc: [
      { headers, authorization: token },
      { getContext: () => headers, args: [headers] },
    ],
    ws: [{ handshake: { headers }, request }, { token }],
    graphql: [{}, {}, { req: request, request, headers }, { fieldName: 'orders' }],
    'graphql:Query': [undefined, {}, { req: request }, { fieldName: 'orders', operation: { operation: 'query' } }],
    'graphql:Mutation': [undefined, {}, { req: request }, { operation: { operation: 'mutation' } }],
    'graphql:Subscription': [{ event: 1 }, {}, { req: request }, { operation: { operation: 'subscription' } }],
    'graphql:Order': [{ id: 1 }, {}, { req: request }, { fieldName: 'owner', parentType: 'Order' }],
  };
  return byType[type] ?? [request, request];
}

const refusedIn = (id: string, what: string, ...types: string[]): Row => ({
  id,
  what,
  setting: { controllers: [StageController, TransportHandlers] },
  attack: async (stage) => {
    const calls = stage.get(HandlerCalls);
    const before = calls.count;
    for (const type of types) {
      for (const token of ['', 'garbage', await stage.token()]) {
        for (const method of ['closed', 'scoped'] as const) {
          const called = callAs(stage, type, method, argumentsOf(type, token));
          // What Nest makes of a guard that says no.
          await expect(called).rejects.toMatchObject({ status: 403, message: 'Forbidden resource' });
        }
      }
    }
    expect(calls.count).toBe(before);
  },
  answer: noCredentials,
  neighbour: async (stage) => {
    for (const type of types) await expect(callAs(stage, type, 'open', argumentsOf(type, ''))).resolves.toBe('reached');
    return stage.token();
  },
});

/** Contexts that are not what the transports of their kind hand over: refused, token or not. The transports have suites of their own. */
export const contextRows: Row[] = [
  refusedIn('N01', 'a handler of messages, of a transport that nobody knows', 'rpc'),
  refusedIn('N02', 'a handler of a WebSocket, before and after its token expires', 'ws'),
  refusedIn(
    'N03',
    'GraphQL: query, mutation, subscription and field, each by itself',
    'graphql',
    'graphql:Query',
    'graphql:Mutation',
    'graphql:Subscription',
    'graphql:Order',
  ),
  refusedIn(
    'N04',
    'a kind of context that nobody knows',
    'cron',
    'telegraf',
    'HTTP',
    'http2',
    '__proto__',
    'constructor',
  ),
];
