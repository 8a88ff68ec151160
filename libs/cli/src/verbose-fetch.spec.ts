import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../sdk/test/support/fake-clock.js';
import { verboseFetch } from './verbose-fetch.js';

describe('verboseFetch', () => {
  const said: string[] = [];
  const clock = new FakeClock();
  const told = (answer: () => Response) =>
    verboseFetch(
      () => {
        clock.advance(0.25);
        return Promise.resolve().then(answer);
      },
      clock,
      (text) => said.push(text),
    );

  it('tells method, address, status and time, and no secret', async () => {
    said.length = 0;
    const answer = (): Response =>
      new Response('secret-body', { status: 201, headers: { 'x-request-id': 'r-1', 'set-cookie': 'secret-cookie' } });
    const init = { method: 'POST', body: 'secret-form', headers: { authorization: 'Bearer secret-token' } };
    const response = await told(answer)('https://alice:secret-pw@idp.example.com/token?code=secret-code', init);
    await expect(response.text()).resolves.toBe('secret-body');
    expect(said).toEqual(['[POST https://idp.example.com/token: HTTP 201, 250 ms, request r-1]']);
  });

  it('tells when no answer came', async () => {
    said.length = 0;
    const broken = told(() => {
      throw new TypeError('fetch failed');
    });
    await expect(broken(new URL('http://localhost:8080/x'))).rejects.toThrow('fetch failed');
    expect(said).toEqual(['[GET http://localhost:8080/x: no answer, 250 ms]']);
  });
});
