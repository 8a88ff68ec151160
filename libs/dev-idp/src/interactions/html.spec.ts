import { describe, expect, it } from '@jest/globals';
import { html, Markup } from './html.js';

describe('html', () => {
  it('escapes everything that is not markup', () => {
    expect(html`${`<b title="'&'">`} ${7}`.text).toBe('&lt;b title=&quot;&#39;&amp;&#39;&quot;&gt; 7');
  });

  it('leaves markup alone, joins lists and leaves out what is undefined', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    expect(html`${items}|${undefined}|${new Markup('<br>')}`.text).toBe('<li>a</li><li>&lt;b&gt;</li>||<br>');
  });
});
