import { describe, expect, it } from '@jest/globals';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { readFormBody } from './form-body.js';

function incoming(contentType: string, ...chunks: string[]): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.headers['content-type'] = contentType;
  for (const chunk of chunks) request.push(chunk);
  return request;
}

describe('readFormBody', () => {
  const form = 'application/x-www-form-urlencoded; charset=utf-8';

  it('reads a form that comes in pieces', async () => {
    const request = incoming(form, 'login=a%40', 'b&xsrf=c');
    request.push(null);
    expect([...(await readFormBody(request))]).toEqual([
      ['login', 'a@b'],
      ['xsrf', 'c'],
    ]);
  });

  it('reads nothing that is no form', async () => {
    expect([...(await readFormBody(incoming('application/json', '{}')))]).toEqual([]);
  });

  it('gives up a form that is too long, and leaves the connection for the answer', async () => {
    const request = incoming(form, 'login=', 'a'.repeat(20_000));
    expect([...(await readFormBody(request))]).toEqual([]);
    expect(request.destroyed).toBe(false);
  });
});
