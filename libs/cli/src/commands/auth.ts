import type { Command } from 'commander';
import { action } from '../command-action.js';
import { defineAccessKeysCommands } from './access-keys.js';
import { oneMore } from './one-more.js';
import type { World } from '../world.js';

const clientSecretStdin = 'read the secret of a confidential client from stdin (NMP_OIDC_CLIENT_SECRET)';

/** `auth …`: sign in, inspect, refresh, sign out. */
export function defineAuthCommands(program: Command, world: World, done: (exitCode: number) => void): void {
  const name = world.programName;
  const auth = program.command('auth').description('Sign in and look after the token');

  const login = auth
    .command('login')
    .description("Sign in at the platform's identity provider: with the browser, or with a username and password")
    .option('--browser', 'sign in with the browser on this machine alone, without a code to compare')
    .option('--no-browser', 'do not open a browser, only print the page and the code')
    .option(
      '--redirect-uri <uri>',
      '[--browser] the address of this machine that is registered for the client (default: http://127.0.0.1/callback, any port)',
    )
    .option('--username <name>', '[password grant] user name (NMP_OIDC_USERNAME)')
    .option(
      '--password <password>',
      '[password grant] password, which other users can see in the list of processes; asked for on a terminal (NMP_OIDC_PASSWORD)',
    )
    .option('--password-stdin', '[password grant] read the password from stdin')
    .option('--client-credentials', 'sign in as the client itself, without a person; needs its secret')
    .option('--client-secret-stdin', clientSecretStdin)
    .option('--with-token', 'store an access token that is read from stdin')
    .option(
      '--unsigned-token',
      '[development] sign in by your own word, on a platform of this machine without a provider',
    )
    .option('--email <address>', '[--unsigned-token] who to be')
    .option('--group <group>', '[--unsigned-token] group to be in, once for each', oneMore)
    .option('--expires-in <seconds>', '[--unsigned-token] how long to be it, 43200 at the most (default: 3600)')
    .option(
      '--scope <scopes>',
      "scopes to ask for instead of the platform's default ones, separated by spaces; the default list's plain OIDC scopes (openid, offline_access …) are still asked for",
    )
    .option('--client-id <id>', 'OAuth client to sign in as, if not the one the platform publishes')
    .addHelpText(
      'after',
      `
Examples:
  ${name} auth login
  ${name} auth login --browser
  ${name} auth login --base-url https://nmp.example.com --context work
  ${name} auth login --no-browser --scope "platform:read"
  ${name} auth login --username alice@example.com --password-stdin < password.txt
  ${name} auth login --client-credentials --client-id ci --client-secret-stdin < secret.txt
  ${name} auth login --with-token < token.txt
  ${name} auth login --unsigned-token --email alice@example.com

The password grant sends the password to the identity provider and bypasses MFA: for CI and testing only.
A confidential client's secret is read from NMP_OIDC_CLIENT_SECRET.`,
    )
    .action(action(world, done, async () => (await import('./auth/login.js')).login));
  excludeOpposites(login, 'browser');

  auth
    .command('status')
    .description('Show who is signed in, with which scopes and for how long (exit code 1 when nobody is)')
    .option('--check', 'ask the platform whether it accepts the token (exit code 3 when it does not)')
    .addHelpText('after', `\nExamples:\n  ${name} auth status\n  ${name} auth status --check -f json`)
    .action(action(world, done, async () => (await import('./auth/status.js')).status));

  auth
    .command('token')
    .description('Print the access token, refreshed first when it is about to expire')
    .option('--decode', 'print its claims instead (they are not verified)')
    .addHelpText(
      'after',
      `\nExamples:\n  curl -H "Authorization: Bearer $(${name} auth token)" http://localhost:8080/apis/auth/v2/whoami\n  ${name} auth token --decode`,
    )
    .action(action(world, done, async () => (await import('./auth/token.js')).token));

  auth
    .command('refresh')
    .description('Get a new access token now')
    .option('--client-secret-stdin', clientSecretStdin)
    .addHelpText('after', `\nExamples:\n  ${name} auth refresh`)
    .action(action(world, done, async () => (await import('./auth/refresh.js')).refresh));

  auth
    .command('logout')
    .description('Revoke the tokens at the identity provider where it can be done, and forget them here')
    .option('--all', 'sign out of every context')
    .option('--client-secret-stdin', clientSecretStdin)
    .addHelpText(
      'after',
      `\nExamples:\n  ${name} auth logout\n  ${name} auth logout --all\n  ${name} auth logout --context work`,
    )
    .action(action(world, done, async () => (await import('./auth/logout.js')).logout));

  auth
    .command('whoami')
    .description('Ask the platform who it takes you to be')
    .addHelpText('after', `\nExamples:\n  ${name} auth whoami -f json`)
    .action(action(world, done, async () => (await import('./auth/whoami.js')).whoami));

  auth
    .command('doctor')
    .description('Examine the identity provider: what keeps people from signing in, and what to change')
    .option('--issuer <url>', 'a provider that no platform uses yet, by the name in its tokens')
    .option('--client-id <id>', 'the client that signs in')
    .option('--audience <audience>', 'what the platform expects in the "aud" of tokens')
    .option('--scope <scopes>', 'what a sign-in asks for, separated by spaces')
    .option('--scope-prefix <prefix>', "what the provider puts before the platform's scopes")
    .option('--email-claim <claim>', 'the claim with the e-mail address')
    .option('--subject-claim <claim>', 'the claim with the id of a user')
    .option('--groups-claim <claim>', 'the claim with the groups')
    .option('--with-token', 'examine an access token, too, that is read from stdin')
    .addHelpText(
      'after',
      `\nExamples:\n  ${name} auth doctor\n  ${name} auth doctor --issuer https://idp.example.com --client-id nmp-cli\n  ${name} auth doctor --issuer https://idp.example.com --client-id nmp-cli --audience nmp-platform --with-token < token.txt

It begins a sign-in at the provider and leaves it there. Exit code 0 only when signing in will work, whatever has become of the present sign-in.`,
    )
    .action(action(world, done, async () => (await import('./auth/doctor.js')).doctor));

  defineAccessKeysCommands(auth, world, done);
}

/** Of `--x` and `--no-x` the last one would hold without a word. */
function excludeOpposites(command: Command, option: string): void {
  const given = new Set<string>();
  for (const name of [option, `no-${option}`]) {
    command.on(`option:${name}`, () => {
      given.add(`--${name}`);
      if (given.size > 1) command.error(`error: ${[...given].join(' and ')} exclude each other`);
    });
  }
}
