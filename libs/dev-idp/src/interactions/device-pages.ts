import type { Client, ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import type { Middleware } from '../provider/provider-parts.js';
import type { Markup } from './html.js';
import { html } from './html.js';
import { sendPage } from './page.js';

const problems: Readonly<Record<string, string>> = {
  NoCodeError: 'Please enter the code that your device shows.',
  NotFoundError: 'This code is not known. Compare it with the one on your device and try again.',
  ExpiredError: 'This code has expired. Start the sign-in on your device again to get a new one.',
  AlreadyUsedError: 'This code has been used already. Start the sign-in on your device again to get a new one.',
  InvalidRequest: 'This page is out of date, or your browser keeps no cookies. Enter the code again.',
  SessionNotFound: 'This sign-in has expired or belongs to another browser. Enter the code again.',
};

/**
 * Takes a code out of the address before the library sees it: the library would send a page that needs JavaScript,
 * while `deviceCodePage` asks its question with the code already there.
 */
export function prefilledDevicePage(): Middleware {
  return async (context, next) => {
    const code: unknown = context.query['user_code'];
    if (context.path === '/device' && context.method === 'GET' && typeof code === 'string' && code !== '') {
      context.state['userCode'] = code;
      context.querystring = '';
    }
    return next();
  };
}

/** Asks for the code, or says why the last one did not do, or that the user cancelled. @see RFC 8628 §3.3 */
export async function deviceCodePage(
  context: KoaContextWithOIDC,
  _form: string,
  _out?: ErrorOut,
  error?: Error & { userCode?: string },
): Promise<void> {
  if (error?.name === 'AbortedError') return sendCancelled(context);
  const given: unknown = context.state['userCode'];
  if (error === undefined && typeof given === 'string') return sendConfirmation(context, given);
  const problem = error && (problems[error.name] ?? 'Something went wrong. Enter the code again to start over.');
  if (problem !== undefined && isUnsaved(context)) return sendWayBack(context, problem);
  sendPage(context, {
    title: 'Connect a device',
    status: error === undefined ? 200 : context.status,
    content: html`${problem && html`<p class="problem" role="alert">${problem}</p>`}
      <form method="post" action="/device">
        <input type="hidden" name="xsrf" value="${xsrf(context)}" />
        <label for="user_code">Code shown on your device</label>
        <input
          id="user_code"
          class="code"
          name="user_code"
          value="${error?.userCode}"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          required
          autofocus
        />
        <div class="actions"><button class="main" type="submit">Continue</button></div>
      </form>`,
  });
}

/** Asks whether the code is the one on the device: a link may come from anybody. @see RFC 8628 §5.4 */
export async function deviceConfirmationPage(
  context: KoaContextWithOIDC,
  _form: string,
  client: Client,
  _deviceInfo: unknown,
  userCode: string,
): Promise<void> {
  sendConfirmation(
    context,
    userCode,
    html`<p><strong>${client.clientName ?? client.clientId}</strong> wants to sign you in.</p>`,
  );
}

/** Says that the device is signed in. */
export async function deviceDonePage(context: KoaContextWithOIDC): Promise<void> {
  const client = context.oidc.client?.clientName ?? context.oidc.client?.clientId;
  sendPage(context, {
    title: 'You are signed in',
    content: html`<p><strong>${client}</strong> has what it needs.</p>
      <p>You can close this page and go back to your device.</p>`,
  });
}

function sendConfirmation(context: KoaContextWithOIDC, userCode: string, introduction?: Markup): void {
  sendPage(context, {
    title: 'Is this your code?',
    content: html`${introduction}
      <p>Your device should show this code:</p>
      <p><strong class="code-shown">${userCode}</strong></p>
      <p class="soft">Continue only if you started the sign-in yourself and the codes are the same.</p>
      <form method="post" action="/device">
        <input type="hidden" name="xsrf" value="${xsrf(context)}" />
        <input type="hidden" name="user_code" value="${userCode}" />
        <input type="hidden" name="confirm" value="yes" />
        <div class="actions">
          <button class="main" type="submit">Continue</button>
          <button type="submit" name="abort" value="yes">Cancel</button>
        </div>
      </form>`,
  });
}

function sendCancelled(context: KoaContextWithOIDC): void {
  sendPage(context, {
    title: 'Sign-in cancelled',
    content: html`<p>The device was not given access. You can close this page.</p>`,
  });
}

/** Without a session a form could not come back; the address of the page makes one. */
function sendWayBack(context: KoaContextWithOIDC, problem: string): void {
  sendPage(context, {
    title: 'Connect a device',
    status: context.status,
    content: html`<p class="problem" role="alert">${problem}</p>
      <p><a href="/device">Enter the code</a></p>`,
  });
}

/** Whether the library made a session for this error page alone; it would fail to save that one, and now forgets it. */
function isUnsaved(context: KoaContextWithOIDC): boolean {
  // The types leave out what the library itself reads: `exp` is set by the first save.
  const session = context.oidc.session as { exp?: number; touched?: boolean } | undefined;
  if (session === undefined || session.exp !== undefined) return false;
  session.touched = false;
  return true;
}

/** The token the library compares when the form comes back; it lives in the signed session. */
function xsrf(context: KoaContextWithOIDC): string {
  // Set by the library before it asks for a page; its types leave the session's state out.
  const session = context.oidc.session as { state?: { secret?: string } } | undefined;
  return session?.state?.secret ?? '';
}
