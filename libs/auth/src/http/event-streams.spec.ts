import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { watchEventStreams } from './event-streams.js';

describe('watchEventStreams', () => {
  it('puts the interceptor around streams alone, once, and before those that are there', () => {
    class Theirs {}
    class Ours {}
    class StreamsController {
      stream(): void {}
      bare(): void {}
      plain(): void {}
    }
    class Child extends StreamsController {}
    const { stream, bare, plain } = StreamsController.prototype;
    for (const method of [stream, bare]) Reflect.defineMetadata('__sse__', true, method);
    for (const method of [stream, plain]) Reflect.defineMetadata('__interceptors__', [Theirs], method);
    watchEventStreams([StreamsController, Child], Ours);
    watchEventStreams([Child, StreamsController], Ours);
    const interceptorsOf = (method: object): unknown => Reflect.getMetadata('__interceptors__', method);
    expect([stream, bare, plain].map(interceptorsOf)).toEqual([[Ours, Theirs], [Ours], [Theirs]]);
  });
});
