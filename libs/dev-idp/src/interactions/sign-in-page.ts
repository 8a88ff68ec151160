import { html, Markup } from './html.js';

/** What the sign-in form shows; `login` and `problem` after a failed attempt. */
export interface SignInForm {
  readonly action: string;
  readonly xsrf: string;
  readonly clientName: string;
  readonly login?: string;
  readonly problem?: string;
}

const autofocus = new Markup('autofocus');

/** The form that asks for e-mail and password. */
export function signInForm({ action, xsrf, clientName, login, problem }: SignInForm): Markup {
  return html`<p>to continue to <strong>${clientName}</strong></p>
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    <form method="post" action="${action}">
      <input type="hidden" name="xsrf" value="${xsrf}" />
      <label for="login">E-mail</label>
      <input
        id="login"
        name="login"
        type="email"
        value="${login}"
        autocomplete="username"
        required
        ${login ? undefined : autofocus}
      />
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        ${login ? autofocus : undefined}
      />
      <div class="actions">
        <button class="main" type="submit" name="decision" value="sign-in">Sign in</button>
        <button type="submit" name="decision" value="cancel" formnovalidate>Cancel</button>
      </div>
    </form>`;
}
