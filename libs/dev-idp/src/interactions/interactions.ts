import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Interaction, InteractionResults, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Middleware, ProviderParts } from '../provider/provider-parts.js';
import { splitScope } from '../scopes.js';
import { consentForm } from './consent-page.js';
import { readFormBody } from './form-body.js';
import { sendPage } from './page.js';
import { problemPage } from './problem-page.js';
import { signInForm } from './sign-in-page.js';

const cancelled = { error: 'access_denied', error_description: 'the user cancelled the sign-in' };

/** Serves the sign-in and the consent page, at the address the library sends browsers to. */
export function interactionPages(provider: Provider, parts: ProviderParts): Middleware {
  const pages = new InteractionPages(provider, parts);
  return async (context, next) => {
    const uid = /^\/interaction\/([\w-]+)$/.exec(context.path)?.[1];
    if (uid === undefined) return next();
    try {
      await pages.handle(context, uid);
    } catch (error) {
      if (!(error instanceof parts.oidc.errors.OIDCProviderError)) throw error;
      context.status = 400;
      await problemPage(context, {
        error: error.error,
        error_description: 'This sign-in has expired or belongs to another browser.',
      });
    }
  };
}

class InteractionPages {
  readonly #xsrfKey: string;

  constructor(
    private readonly provider: Provider,
    private readonly parts: ProviderParts,
  ) {
    this.#xsrfKey = parts.keys.cookieKeys[0] ?? '';
  }

  async handle(context: KoaContextWithOIDC, uid: string): Promise<void> {
    const interaction = await this.provider.interactionDetails(context.req, context.res);
    if (interaction.uid !== uid) throw new this.parts.oidc.errors.SessionNotFound('another interaction');
    if (context.method === 'GET') return this.#show(context, interaction);
    const fields = await readFormBody(context.req);
    // A form of another site lacks this token even if it guessed the address.
    if (context.method !== 'POST' || !sameText(fields.get('xsrf') ?? '', this.#xsrf(interaction))) {
      throw new this.parts.oidc.errors.SessionNotFound('form without its token');
    }
    const result = await this.#decide(interaction, fields);
    if (result === undefined) return this.#showFailedSignIn(context, interaction, fields.get('login') ?? '');
    // Answers of an earlier prompt count only together with this one's, never with a refusal.
    const mergeWithLastSubmission = interaction.prompt.name === 'consent';
    const returnTo = await this.provider.interactionResult(context.req, context.res, result, {
      mergeWithLastSubmission,
    });
    context.redirect(returnTo);
    context.status = 303;
  }

  async #decide(interaction: Interaction, fields: URLSearchParams): Promise<InteractionResults | undefined> {
    const decision = fields.get('decision');
    if (decision === 'cancel' || decision === 'deny') return cancelled;
    if (interaction.prompt.name === 'consent') return { consent: { grantId: await this.#saveGrant(interaction) } };
    const account = this.parts.accounts.authenticate(fields.get('login') ?? '', fields.get('password') ?? '');
    const outcome = account === undefined ? 'failed' : `succeeded sub=${JSON.stringify(account.subject)}`;
    this.parts.logger.info(`password check ${outcome} client=${JSON.stringify(interaction.params['client_id'])}`);
    return account && { login: { accountId: account.subject, amr: ['pwd'] } };
  }

  async #saveGrant({ session, params, prompt }: Interaction): Promise<string> {
    const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = prompt.details as MissingParts;
    const clientId = String(params['client_id']);
    const grant = new this.provider.Grant({ accountId: session?.accountId, clientId });
    if (missingOIDCScope !== undefined) grant.addOIDCScope(missingOIDCScope);
    if (missingOIDCClaims !== undefined) grant.addOIDCClaims(missingOIDCClaims);
    for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {}))
      grant.addResourceScope(resource, scopes);
    return grant.save();
  }

  async #show(context: KoaContextWithOIDC, interaction: Interaction): Promise<void> {
    if (interaction.prompt.name === 'login') return this.#showSignIn(context, interaction, {});
    const form = await this.#form(interaction);
    const email = this.parts.accounts.find(interaction.session?.accountId ?? '')?.email ?? 'an unknown account';
    const scopes = splitScope(interaction.params['scope']);
    const content = consentForm({ ...form, email, scopes });
    sendPage(context, { title: 'Allow access?', content, formTarget: redirectTarget(interaction) });
  }

  async #showSignIn(context: KoaContextWithOIDC, interaction: Interaction, attempt: Attempt): Promise<void> {
    const content = signInForm({ ...(await this.#form(interaction)), ...attempt });
    const status = attempt.problem === undefined ? 200 : 422;
    sendPage(context, { title: 'Sign in', content, status, formTarget: redirectTarget(interaction) });
  }

  #showFailedSignIn(context: KoaContextWithOIDC, interaction: Interaction, login: string): Promise<void> {
    return this.#showSignIn(context, interaction, { login, problem: 'Wrong e-mail or password.' });
  }

  async #form(interaction: Interaction): Promise<{ action: string; xsrf: string; clientName: string }> {
    const client = await this.provider.Client.find(String(interaction.params['client_id']));
    return {
      action: `/interaction/${interaction.uid}`,
      xsrf: this.#xsrf(interaction),
      clientName: client?.clientName ?? 'an unknown application',
    };
  }

  #xsrf({ uid }: Interaction): string {
    return createHmac('sha256', this.#xsrfKey).update(`interaction:${uid}`).digest('base64url');
  }
}

interface Attempt {
  readonly login?: string;
  readonly problem?: string;
}

/** What the library's consent prompt says is still to be granted. */
interface MissingParts {
  readonly missingOIDCScope?: string[];
  readonly missingOIDCClaims?: string[];
  readonly missingResourceScopes?: Record<string, string[]>;
}

function redirectTarget({ params }: Interaction): string | undefined {
  return typeof params['redirect_uri'] === 'string' ? params['redirect_uri'] : undefined;
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
