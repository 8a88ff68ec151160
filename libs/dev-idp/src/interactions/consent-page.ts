import type { Markup } from './html.js';
import { html } from './html.js';

const meanings: Readonly<Record<string, string>> = {
  openid: 'know who you are',
  profile: 'see your name and your groups',
  email: 'see your e-mail address',
  offline_access: 'stay signed in while you are away',
  'platform:read': 'read everything you may read on the platform',
  'platform:write': 'change everything you may change on the platform',
};

/** What the consent form shows. */
export interface ConsentForm {
  readonly action: string;
  readonly xsrf: string;
  readonly clientName: string;
  readonly email: string;
  readonly scopes: readonly string[];
}

/** The form that asks whether the application may have what it asks for. */
export function consentForm({ action, xsrf, clientName, email, scopes }: ConsentForm): Markup {
  return html`<p>You are signed in as <strong>${email}</strong>. <strong>${clientName}</strong> wants to:</p>
    <ul>
      ${scopes.map((scope) => html`<li>${meaning(scope)} <code>${scope}</code></li>`)}
    </ul>
    <form method="post" action="${action}">
      <input type="hidden" name="xsrf" value="${xsrf}" />
      <div class="actions">
        <button class="main" type="submit" name="decision" value="allow">Allow</button>
        <button type="submit" name="decision" value="deny">Deny</button>
      </div>
    </form>
    <p class="soft">Not you? <a href="/logout">Sign out</a>, then start again.</p>`;
}

function meaning(scope: string): string {
  const [area = scope, action = ''] = scope.split(':');
  return meanings[scope] ?? `${action === 'write' ? 'change' : 'read'} ${area}`;
}
