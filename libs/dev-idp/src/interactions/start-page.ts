import type { Middleware } from '../provider/provider-parts.js';
import { html } from './html.js';
import { sendPage } from './page.js';

/** Tells a person who opens the bare address where they are. */
export function startPage(): Middleware {
  return async (context, next) => {
    if (context.path !== '/') return next();
    sendPage(context, {
      title: 'It works',
      content: html`<p>
          This is where applications on this machine sign people in. There is nothing to do here yourself, but:
        </p>
        <ul>
          <li><a href="/device">Enter the code</a> that a device or a command line shows</li>
          <li><a href="/.well-known/openid-configuration">Look up the addresses</a> that an application needs</li>
          <li><a href="/logout">Sign out</a> in this browser</li>
        </ul>`,
    });
  };
}
