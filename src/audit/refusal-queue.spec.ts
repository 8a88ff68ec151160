import { describe, expect, it } from '@jest/globals';
import { EventStamps } from './event-stamps.js';
import type { Refusal } from './refusal.js';
import { type RefusalBatch, RefusalQueue } from './refusal-queue.js';

const clock = setClock();

describe('RefusalQueue', () => {
  it('lets every refusal of a known caller be written by itself', () => {
    const queue = queueOf();
    for (let at = 0; at < 3; at += 1) queue.add(ofCaller('alice'));
    expect(written(queue)).toEqual([
      'request.refused access_denied alice 1',
      'request.refused access_denied alice 1',
      'request.refused access_denied alice 1',
    ]);
    expect(queue.isEmpty).toBe(true);
  });

  it('counts those of a known caller who does nothing else, for the rest of the minute', () => {
    const queue = queueOf();
    for (let at = 0; at < 50; at += 1) queue.add(ofCaller('alice'));
    queue.add(ofCaller('bob'));
    expect(written(queue)).toEqual([
      ...Array.from({ length: 5 }, () => 'request.refused access_denied alice 1'),
      'request.refused access_denied bob 1',
      'request.refused access_denied alice 45',
    ]);
    clock.advance(60);
    queue.add(ofCaller('alice'));
    expect(written(queue)).toEqual(['request.refused access_denied alice 1']);
  });

  it('counts those of strangers by reason and address, within a minute', () => {
    const queue = queueOf();
    for (let at = 0; at < 1000; at += 1) queue.add(ofStranger('192.0.2.1'));
    queue.add(ofStranger('192.0.2.2'));
    queue.add(ofStranger('192.0.2.1', 'token_expired'));
    const counts = [
      'request.refused missing_token 192.0.2.1 1000',
      'request.refused missing_token 192.0.2.2 1',
      'request.refused token_expired 192.0.2.1 1',
    ];
    const first = queue.take(10);
    expect(shown(first)).toEqual(counts);
    queue.written(first);
    queue.add(ofStranger('192.0.2.1'));
    const second = queue.take(10);
    // The same row again, with the count it has now.
    expect(shown(second)).toEqual(['request.refused missing_token 192.0.2.1 1001']);
    expect(second.groups[0]!.group.event.id).toBe(first.groups[0]!.group.event.id);
    queue.written(second);
    clock.advance(60);
    queue.add(ofStranger('192.0.2.1'));
    const third = queue.take(10);
    expect(shown(third)).toEqual(['request.refused missing_token 192.0.2.1 1']);
    expect(third.groups[0]!.group.event.id).not.toBe(first.groups[0]!.group.event.id);
  });

  it('tells no more addresses apart than it has room for', () => {
    const queue = queueOf();
    for (let at = 0; at < 1000; at += 1) queue.add(ofStranger(`198.51.100.${at}`));
    const rows = written(queue);
    expect(rows).toHaveLength(4);
    expect(rows.at(-1)).toBe('request.refused missing_token  997');
  });

  it('drops what does not fit, and says how much', () => {
    const queue = queueOf();
    const taken = Array.from({ length: 30 }, (_, index) => queue.add(ofCaller(`user-${index}`)));
    expect(taken.filter(Boolean)).toHaveLength(10);
    const batch = queue.take(4);
    // What is under way is still in memory.
    expect(queue.size).toBe(10);
    expect(queue.add(ofCaller('late'))).toBe(false);
    queue.failed(batch);
    expect(queue.size).toBe(10);
    expect(written(queue)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => `request.refused access_denied user-${index} 1`),
      'refusals.lost queue_full  21',
    ]);
    expect(queue.isEmpty).toBe(true);
  });

  it('remembers no more callers than it has room for', () => {
    const queue = queueOf();
    for (let at = 0; at < 60; at += 1) {
      queue.add(ofCaller(`user-${at}`));
      queue.written(queue.take(1));
    }
    queue.add(ofCaller('user-0'));
    queue.add(ofCaller('user-60'));
    expect(written(queue)).toEqual(['request.refused access_denied user-0 1', 'request.refused access_denied  8']);
  });

  it('counts on while nothing can be written, in the same memory', () => {
    const queue = queueOf();
    for (let minute = 0; minute < 100; minute += 1) {
      for (let at = 0; at < 20; at += 1) queue.add(ofStranger('192.0.2.1'));
      for (let at = 0; at < 20; at += 1) queue.add(ofCaller(`user-${minute}-${at}`));
      queue.failed(queue.take(100));
      clock.advance(60);
    }
    expect(queue.size).toBe(10);
    expect(written(queue).slice(10)).toEqual([
      'request.refused missing_token 192.0.2.1 2000',
      'refusals.lost queue_full  1990',
    ]);
  });
});

function queueOf(): RefusalQueue {
  return new RefusalQueue(new EventStamps(clock), { maxWaiting: 10, maxOfCaller: 5, maxCallers: 50, maxGroups: 3 });
}

function ofCaller(actor: string): Refusal {
  const event = { action: 'request.refused', decision: 'refused' as const, reason: 'access_denied', actor };
  return { source: actor, isKnown: true, event };
}

function ofStranger(address: string, reason = 'missing_token'): Refusal {
  const event = { action: 'request.refused', decision: 'refused' as const, reason, target: address };
  return { source: address, isKnown: false, event };
}

function written(queue: RefusalQueue): string[] {
  const batch = queue.take(100);
  queue.written(batch);
  return shown(batch);
}

function shown({ events, groups }: RefusalBatch): string[] {
  const counted = groups.map(({ group, count }) => ({ ...group.event, count }));
  return [...events, ...counted].map(
    ({ action, reason, actor, target, count = 1 }) => `${action} ${reason} ${actor ?? target ?? ''} ${count}`,
  );
}

function setClock(time = '2030-01-01T00:00:00Z') {
  let ms = Date.parse(time);
  return {
    now: () => new Date(ms),
    advance: (seconds: number) => {
      ms += seconds * 1000;
    },
  };
}
