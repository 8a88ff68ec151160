import type { KoaContextWithOIDC } from 'oidc-provider';
import { html } from './html.js';
import { sendPage } from './page.js';

/** Asks whether to end the session in this browser. @see OpenID Connect RP-Initiated Logout §2 */
export async function logoutPage(context: KoaContextWithOIDC): Promise<void> {
  const session = context.oidc.session as { state?: { secret?: string } } | undefined;
  sendPage(context, {
    title: 'Sign out?',
    content: html`<p>This ends your session in this browser. Tokens that devices hold stay valid.</p>
      <form method="post" action="/logout/confirm">
        <input type="hidden" name="xsrf" value="${session?.state?.secret}" />
        <div class="actions">
          <button class="main" type="submit" name="logout" value="yes">Sign out</button>
          <button type="submit">Stay signed in</button>
        </div>
      </form>`,
  });
}

/** Says that the session is over. */
export async function logoutDonePage(context: KoaContextWithOIDC): Promise<void> {
  sendPage(context, {
    title: 'Signed out',
    content: html`<p>You are signed out in this browser. You can close this page.</p>`,
  });
}
