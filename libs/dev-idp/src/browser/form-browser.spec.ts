import { describe, expect, it } from '@jest/globals';
import { FormBrowser } from './form-browser.js';

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly cookie: string | undefined;
  readonly body: string | undefined;
}

type Reply = { html?: string; status?: number; headers?: [string, string][] };

/** A web of pages that notes what was asked of it. */
function web(pages: Record<string, Reply>): { fetch: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const fakeFetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    const body = init?.body instanceof URLSearchParams ? init.body.toString() : undefined;
    sent.push({ url: url.href, method: init?.method ?? '', cookie: headers.get('cookie') ?? undefined, body });
    const { html = '', status = 200, headers: answered = [] } = pages[url.pathname] ?? { status: 404 };
    return new Response(html, { status, headers: answered });
  };
  return { fetch: fakeFetch, sent };
}

const formPage = `<head><title>ignored</title></head><!-- <form></form> -->
<form action="/search"><input name="q" value="old"><input type=submit value="Find"></form>
<form method="post" action="/save?x=1&amp;y=2">
  <input type="hidden" name="token" value="a&quot;&#39;&lt;&#x41;">
  <input name='title' value=''>
  <button type="submit" name="decision" value="keep">Keep <b>it</b></button>
  <button name="decision" value="drop">Drop</button>
</form>`;

describe('FormBrowser', () => {
  it('fills the form that has the fields and presses its first button', async () => {
    const { fetch, sent } = web({ '/': { html: formPage }, '/save': { html: 'done' } });
    const browser = await new FormBrowser({ fetch }).open('http://site.example/');
    await browser.submit({ title: 'A & B' });
    expect(sent[1]).toMatchObject({ method: 'POST', url: 'http://site.example/save?x=1&y=2' });
    expect(Object.fromEntries(new URLSearchParams(sent[1]?.body))).toEqual({
      token: `a"'<A`,
      title: 'A & B',
      decision: 'keep',
    });
    expect(browser.text).toBe('done');
  });

  it('presses the button it is told to, by label or by value', async () => {
    const { fetch, sent } = web({ '/': { html: formPage }, '/save': {} });
    for (const button of ['Drop', 'drop', 'Keep it']) {
      const browser = await new FormBrowser({ fetch }).open('http://site.example/');
      await browser.submit({ title: '' }, { button });
    }
    const bodies = sent.filter(({ method }) => method === 'POST').map(({ body }) => body);
    expect(bodies).toEqual([
      expect.stringContaining('decision=drop'),
      expect.stringContaining('decision=drop'),
      expect.stringContaining('decision=keep'),
    ]);
  });

  it('sends a GET form in the address', async () => {
    const { fetch, sent } = web({ '/': { html: formPage }, '/search': {} });
    await (await new FormBrowser({ fetch }).open('http://site.example/')).submit({ q: 'new' });
    expect(sent[1]).toEqual({ method: 'GET', url: 'http://site.example/search?q=new' });
  });

  it('says where it is and what it reads when a form or a button is missing', async () => {
    const { fetch } = web({ '/page': { html: '<p>Try   later</p>', status: 503 } });
    const browser = await new FormBrowser({ fetch }).open('http://site.example/page');
    await expect(browser.submit({ a: '1' })).rejects.toThrow(
      'No form with the fields a at /page (HTTP 503): Try later',
    );
    await expect(browser.submit()).rejects.toThrow('No form');
  });

  it('keeps cookies by path and host, and drops those that are taken back', async () => {
    const { fetch, sent } = web({
      '/': {
        headers: [
          ['set-cookie', 'session=1; Path=/; HttpOnly'],
          ['set-cookie', 'deep=2; path=/a/b'],
        ],
      },
      '/a/b': {},
      '/a/bc': {},
      '/end': { headers: [['set-cookie', 'session=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT']] },
    });
    const browser = new FormBrowser({ fetch });
    const addresses = ['http://site.example/', 'http://site.example/a/b', 'http://site.example/a/bc'];
    for (const address of [...addresses, 'http://other.example/', 'http://site.example/end', 'http://site.example/x']) {
      await browser.open(address);
    }
    expect(sent.map(({ cookie }) => cookie)).toEqual([
      undefined,
      'deep=2; session=1',
      'session=1',
      undefined,
      'session=1',
      undefined,
    ]);
  });

  it('follows redirects, keeping the method only where it must', async () => {
    const { fetch, sent } = web({
      '/': { html: formPage },
      '/save': { status: 307, headers: [['location', '/moved']] },
      '/moved': { status: 303, headers: [['location', '/end']] },
      '/end': { html: 'arrived' },
    });
    const browser = await new FormBrowser({ fetch }).open('http://site.example/');
    await browser.submit({ title: 'x' });
    expect(sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      'GET /',
      'POST /save',
      'POST /moved',
      'GET /end',
    ]);
    expect(browser.text).toBe('arrived');
  });

  it('stops at an address that is not to be opened', async () => {
    const location = 'http://127.0.0.1:1/callback?code=c';
    const { fetch, sent } = web({ '/': { status: 302, headers: [['location', location]] } });
    const browser = new FormBrowser({ fetch, stopAt: (url) => url.pathname === '/callback' });
    await browser.open('http://site.example/');
    expect(browser.url.href).toBe(location);
    expect(sent).toHaveLength(1);
  });

  it('gives up on a circle of redirects', async () => {
    const { fetch } = web({ '/': { status: 302, headers: [['location', '/']] } });
    await expect(new FormBrowser({ fetch }).open('http://site.example/')).rejects.toThrow('More than 20 redirects');
  });
});
