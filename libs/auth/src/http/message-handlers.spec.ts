import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { closeMessageHandlers } from './message-handlers.js';
import { declareRules } from './route-rules.js';

interface Guard {
  canActivate(context: object): boolean;
}

describe('closeMessageHandlers', () => {
  const guardsOf = (type: object): Guard[] => (Reflect.getMetadata('__guards__', type) ?? []) as Guard[];

  it.each(['microservices:pattern', 'websockets:message_mapping'])('closes classes with %s, once', (key) => {
    class Gateway {
      closed(): void {}
      open(): void {}
    }
    class Child extends Gateway {}
    const { closed, open } = Gateway.prototype;
    Reflect.defineMetadata(key, 'pattern', closed);
    declareRules(open, { access: 'public' });
    closeMessageHandlers([Gateway, Child]);
    closeMessageHandlers([Child, Gateway]);

    for (const type of [Gateway, Child]) {
      expect(guardsOf(type)).toHaveLength(1);
      const may = (handler: object, kind: string): boolean | undefined =>
        guardsOf(type)[0]?.canActivate({ getType: () => kind, getHandler: () => handler, getClass: () => type });
      for (const kind of ['ws', 'rpc']) expect([may(closed, kind), may(open, kind)]).toEqual([false, true]);
      expect(may(closed, 'http')).toBe(true); // behind the module's own guard
      expect(may(closed.bind({}), 'ws')).toBe(false);
    }
  });

  it('leaves other classes alone', () => {
    class Service {
      run(): void {}
    }
    closeMessageHandlers([Service, () => {}]);
    expect(guardsOf(Service)).toEqual([]);
  });
});
