import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { html } from './html.js';
import { sendPage } from './page.js';

/** Says what went wrong where there is nobody to redirect to. */
export async function problemPage(context: KoaContextWithOIDC, out: ErrorOut): Promise<void> {
  const description =
    out.error === 'server_error' ? 'An internal error; the log of the provider names it.' : out.error_description;
  sendPage(context, {
    title: 'This did not work',
    status: context.status,
    content: html`<p class="problem" role="alert">${description ?? 'The request is invalid.'}</p>
      <p class="soft">Error code: ${out.error}. Start again from the application you came from.</p>`,
  });
}

/** The same for a program as JSON, for a person as a page. */
export async function problemAnswer(context: KoaContextWithOIDC, status: number, out: ErrorOut): Promise<void> {
  context.status = status;
  if (context.accepts('json', 'html') === 'html') return problemPage(context, out);
  context.body = out;
}
