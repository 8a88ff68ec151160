/** What can be in the configuration file of `nemo`; the keys are those that `@nmp/sdk` reads and writes. */
export const clientFileKeys = [
  ['current_context', 'name of a context', 'The context that is taken where none is named.'],
  ['clusters[].name', 'text', 'What contexts call the platform.'],
  [
    'clusters[].base_url',
    'https URL (http on this machine)',
    'Where the platform is. A stored token goes nowhere else.',
  ],
  [
    'clusters[].certificate_authority',
    'path',
    'A file of certificates (PEM) that are trusted beside the usual ones; it begins where this file is.',
  ],
  ['clusters[].certificate_authority_data', 'base64', 'The same certificates in the file itself.'],
  ['users[].name', 'text', 'What contexts call the sign-in.'],
  ['users[].type', '`oauth` or `no-auth`', 'Whether somebody is signed in.'],
  ['users[].token', 'text', 'The access token. Not there when it is in the keychain.'],
  ['users[].refresh_token', 'text', 'What gets the next access token.'],
  ['users[].token_store', '`keychain`', 'Says that the tokens are in the keychain of the operating system.'],
  ['users[].keychain_item', 'text', 'The account that they have there.'],
  ['users[].client_id', 'text', 'The client that signed in, where it is not the one that the platform publishes.'],
  ['users[].grant_type', 'text', 'How the client signed in, where it did so for itself and not for a person.'],
  ['users[].issuer', 'URL', 'Who issued the tokens; the refresh token goes nowhere else.'],
  ['users[].token_endpoint', 'URL', 'Where the issuer gives out tokens.'],
  ['users[].resource', 'URI', 'What the tokens were asked for, if that was said.'],
  ['users[].scope', 'text', 'The granted scopes, where the token does not tell.'],
  ['users[].issued_at', 'time', 'When the token was issued, where it does not tell.'],
  ['users[].expires_at', 'time', 'When it ends, where it does not tell.'],
  ['users[].ended_at', 'time', 'When the provider took the refresh token no more; it is gone since then.'],
  ['users[].api_key', 'text', 'Of older versions; it signs nobody in any more.'],
  ['contexts[].name', 'text', 'What `--context` names.'],
  ['contexts[].cluster', 'name of a cluster', 'Which platform it is for.'],
  ['contexts[].user', 'name of a user', 'Whose sign-in it takes.'],
  ['contexts[].workspace', 'text', 'The workspace that is taken where none is named.'],
  ['contexts[].preferences.output_format', 'as `--output-format`', 'How data is printed.'],
  ['contexts[].preferences.timestamp_format', '`iso8601` or `relative`', 'How tables show points in time.'],
  ['contexts[].preferences.truncate', 'true or false', 'Whether tables cut long values off.'],
  ['contexts[].preferences.color_output', 'true or false', 'Whether there is bold text.'],
  ['contexts[].preferences.token_store', '`file` or `keychain`', 'Where the tokens of a sign-in are kept.'],
];

/**
 * The environment variables of `nemo`, from its help.
 *
 * @param {string} help
 * @returns {{ name: string, sentence: string }[]}
 */
export function clientVariables(help) {
  const [, section = ''] = /^Environment:\n((?: {2}.*\n)+)/m.exec(help) ?? [];
  return [...section.matchAll(/^ {2}([A-Z_]+(?:, [A-Z_]+)*) +(.*)$/gm)].map(([, name, sentence]) => ({
    name,
    sentence,
  }));
}
