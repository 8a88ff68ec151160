/** What can be done when the token of a sign-in is none that the platform can read. */
export const audienceAdvice =
  'Its administrator can name an audience to ask for (auth.oidc.login_parameters), or the right --scope';
