import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { closeMessageHandlers } from './message-handlers.js';
import { anonymousPrincipal } from '@nmp/tokens';
import { attachState } from '../carriers/request-state.js';
import { declareRules } from './route-rules.js';

interface Guard {
  canActivate(context: object): boolean;
}

describe('closeMessageHandlers', () => {
  const verification = { verify: () => anonymousPrincipal, refuse: (error: unknown) => error };
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
    const guard = class ApplicationGuard {};
    const filter = class ApplicationFilter {};
    closeMessageHandlers([Gateway, Child], guard, filter);
    closeMessageHandlers([Child, Gateway], guard, filter);

    for (const type of [Gateway, Child]) {
      expect(guardsOf(type)).toEqual([guard, expect.anything()]);
      expect(Reflect.getMetadata('__exceptionFilters__', type)).toEqual([filter]);
      const may = (handler: object, kind: string, args: unknown[] = [{}, {}]): boolean | undefined => {
        const context = { getType: () => kind, getHandler: () => handler, getClass: () => type, getArgs: () => args };
        return guardsOf(type)[1]?.canActivate(context);
      };
      for (const kind of ['ws', 'rpc']) expect([may(closed, kind), may(open, kind)]).toEqual([false, true]);
      expect(may(closed, 'http')).toBe(true); // behind the module's own guard
      expect(may(closed.bind({}), 'ws')).toBe(false);
      const admitted = { getSocketRef: () => undefined };
      attachState(admitted, verification, undefined).principal = anonymousPrincipal;
      expect(may(closed, 'rpc', [{}, admitted])).toBe(true);
    }
  });

  it('leaves other classes alone', () => {
    class Service {
      run(): void {}
    }
    closeMessageHandlers([Service, () => {}], Service, Service);
    expect(guardsOf(Service)).toEqual([]);
  });
});
