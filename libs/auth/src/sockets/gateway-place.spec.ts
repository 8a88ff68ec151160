import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { declareRules, type RouteAccess } from '../http/route-rules.js';
import { accessTo, connectionHandler, gatewaysAt, placeOf } from './gateway-place.js';

/** A gateway whose handlers are declared so; `undefined`: nothing is declared. */
function gatewayWith(...accesses: (RouteAccess | undefined)[]): object {
  class Gateway {}
  for (const [at, access] of accesses.entries()) {
    const handler = { [`handler${at}`]: () => undefined }[`handler${at}`] as object;
    Object.defineProperty(Gateway.prototype, `handler${at}`, { value: handler });
    Reflect.defineMetadata('websockets:message_mapping', true, handler);
    if (access !== undefined) declareRules(handler, { access });
  }
  return Gateway;
}

describe('accessTo', () => {
  it.each<[RouteAccess, (RouteAccess | undefined)[][]]>([
    ['required', []],
    ['required', [[]]],
    ['required', [[undefined, 'required']]],
    ['optional', [['optional']]],
    ['optional', [[undefined, 'public']]],
    ['optional', [['public'], [undefined]]],
    ['optional', [['public'], []]],
    ['public', [['public', 'public'], ['public']]],
  ])('is %s for handlers that are %j', (access, gateways) => {
    expect(accessTo(gateways.map((accesses) => gatewayWith(...accesses)))).toBe(access);
  });

  it('counts what is declared of a class without handlers, and of handleConnection', () => {
    class Told {}
    declareRules(Told, { access: 'public' });
    class Hooked {
      handleConnection(): void {}
    }
    const hook = Object.getOwnPropertyDescriptor(Hooked.prototype, 'handleConnection')?.value as object;
    declareRules(hook, { access: 'optional' });
    expect([accessTo([Told]), accessTo([Hooked]), accessTo([Told, Hooked])]).toEqual([
      'public',
      'optional',
      'optional',
    ]);
    expect([connectionHandler(Told), connectionHandler(Hooked)]).toEqual([Told, hook]);
    expect(connectionHandler(gatewayWith('public'))).toBeUndefined();
  });
});

describe('gatewaysAt', () => {
  const gateway = (port: number | undefined, options: object | undefined): object => {
    class Gateway {}
    Reflect.defineMetadata('websockets:is_gateway', true, Gateway);
    Reflect.defineMetadata('port', port, Gateway);
    Reflect.defineMetadata('websockets:gateway_options', options, Gateway);
    return Gateway;
  };
  const pattern = /^\/n/;

  it.each([
    [placeOf(0), [undefined, undefined], [0, { namespace: '/' }]],
    [placeOf(0, { path: '/a' }), [0, { path: '/a' }]],
    [placeOf(81, {}), [81, {}]],
    [placeOf(0, { namespace: '/rooms' }), [0, { namespace: 'rooms' }], [undefined, { namespace: '/rooms' }]],
    [placeOf(0, { namespace: pattern }), [0, { namespace: pattern }]],
  ] as [ReturnType<typeof placeOf>, ...[number | undefined, object | undefined][]][])(
    'finds those of %j and no others',
    (place, ...members) => {
      const own = members.map((given) => gateway(...given));
      const others = [gateway(9, {}), gateway(0, { path: '/x' }), gateway(0, { namespace: 'x' }), class {}];
      expect(gatewaysAt(place, [...others, ...own])).toEqual(own);
    },
  );
});
