import { createHash } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { html, Markup } from './html.js';
import { style } from './style.js';

// The hash covers every character between the tags, so the element is written here in one piece.
const styleElement = new Markup(`<style>${style}</style>`);
const styleHash = createHash('sha256').update(style).digest('base64');

/** What one page shows. */
export interface Page {
  readonly title: string;
  readonly content: Markup;
  /** @default 200 */
  readonly status?: number;
  /** Where the page's forms may lead beside this provider, the redirects that follow included. @default nowhere */
  readonly formTarget?: string;
}

/** Sends a page: no script, no foreign asset, no frame around it, nothing kept by caches. */
export function sendPage(context: KoaContextWithOIDC, { title, content, status = 200, formTarget }: Page): void {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...formAction(formTarget),
  ];
  context.status = status;
  context.type = 'text/html; charset=utf-8';
  context.set('content-security-policy', policy.join('; '));
  context.set('cache-control', 'no-store');
  context.set('referrer-policy', 'no-referrer');
  context.set('x-content-type-options', 'nosniff');
  context.set('x-frame-options', 'DENY');
  context.body = layout(title, content).text;
}

function layout(title: string, content: Markup): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Development sign-in</title>
        ${styleElement}
      </head>
      <body>
        <main>
          <p class="brand"><span aria-hidden="true">◆</span> NeMo Platform</p>
          <h1>${title}</h1>
          ${content}
        </main>
        <footer>Development identity provider: for this machine only, never for production.</footer>
      </body>
    </html> `;
}

function formAction(target: string | undefined): string[] {
  if (target === undefined || !URL.canParse(target)) return ["form-action 'self'"];
  const { protocol, origin, hostname } = new URL(target);
  // CSP has no way to write an IPv6 address; without the directive the form may at least be sent.
  if (hostname.startsWith('[')) return [];
  return [`form-action 'self' ${origin === 'null' ? protocol : origin}`];
}
