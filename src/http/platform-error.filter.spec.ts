import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ArgumentsHost, Logger } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { ErrorBody } from './error-body.js';
import { PlatformErrorFilter } from './platform-error.filter.js';

const logged: string[] = [];
let headers: Record<string, string>;

beforeAll(() => {
  const silent = (): void => undefined;
  const error = (line: unknown): void => void logged.push(String(line));
  Logger.overrideLogger({ log: silent, warn: silent, error });
});

afterAll(() => Logger.overrideLogger(false));

describe('PlatformErrorFilter', () => {
  it.each([
    ['refused', coded('connect ECONNREFUSED', 'ECONNREFUSED')],
    ['reset', coded('read ECONNRESET', 'ECONNRESET')],
    ['ended by the server', coded('terminating connection due to administrator command', '57P01')],
    ['not ready', coded('the database system is starting up', '57P03')],
    ['lost', coded('connection failure', '08006')],
    ['ended while it was waited for', new Error('Connection terminated unexpectedly')],
    ['waited for in vain', new Error('timeout exceeded when trying to connect')],
    ['full', coded('sorry, too many clients already', '53300')],
  ])('answers 503 when the connection to the database was %s', (_, cause) => {
    const body = answerTo(new Error('Failed query: select 1', { cause }));
    expect(body).toMatchObject({ statusCode: 503, code: 'unavailable', detail: 'The database is not available' });
    expect(headers).toEqual({ 'Retry-After': '2' });
  });

  it.each([coded('duplicate key value', '23505'), coded('syntax error', '42601'), new Error('anything')])(
    'answers 500 to %s',
    (cause) => {
      expect(answerTo(new Error('Failed query', { cause }))).toMatchObject({ statusCode: 500, code: 'internal_error' });
      expect(headers).toEqual({});
    },
  );

  it('writes no token of a path into the log', () => {
    logged.length = 0;
    answerTo(new Error('anything'), '/apis/eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl?x=1');
    expect(logged.join()).toContain('GET /apis/[hidden])');
  });
});

function answerTo(error: unknown, url = '/x'): ErrorBody | undefined {
  let answered: ErrorBody | undefined;
  const httpAdapter = { reply: (_reply: unknown, body: ErrorBody) => (answered = body) };
  const filter = new PlatformErrorFilter({ httpAdapter } as unknown as HttpAdapterHost, { refused: () => undefined });
  headers = {};
  const reply = { sent: false, header: (name: string, value: string) => void (headers[name] = value) };
  const http = { getRequest: () => ({ id: 'r', method: 'GET', url }), getResponse: () => reply };
  filter.catch(error, { switchToHttp: () => http } as unknown as ArgumentsHost);
  return answered;
}

function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
