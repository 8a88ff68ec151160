import type { Settings } from '@nmp/sdk';
import { NeMoError } from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { examine } from '../../doctor/examine.js';
import { examinePlatform } from '../../doctor/examine-platform.js';
import { examineSignIn, ofPresentSignIn, unusableSignIn } from '../../doctor/examine-sign-in.js';
import type { Finding } from '../../doctor/finding.js';
import { exitCodeOf, printFindings, verdictOf } from '../../doctor/doctor-report.js';
import type { SubjectOptions } from '../../doctor/subject-of-options.js';
import { subjectOfIssuer, subjectOfPlatform } from '../../doctor/subject-of-options.js';

interface DoctorOptions extends SubjectOptions {
  readonly issuer?: string;
  readonly withToken?: boolean;
}

/** Examines an identity provider, and the platform that uses it: what keeps people from signing in, and what to change. */
export async function doctor(
  context: CommandContext,
  _args: CommandArguments,
  options: DoctorOptions,
): Promise<number> {
  const given = options.withToken
    ? (await context.readInput('the token', '--with-token', 'auth doctor')).trim()
    : undefined;
  const findings =
    options.issuer === undefined
      ? await ofPlatform(context, options, given)
      : await ofIssuer(context, options.issuer, options, given);
  await printFindings(context, findings);
  context.say(verdictOf(findings));
  return exitCodeOf(findings);
}

async function ofIssuer(
  { clientSecret, http, world }: CommandContext,
  issuer: string,
  options: DoctorOptions,
  token: string | undefined,
): Promise<Finding[]> {
  const subject = subjectOfIssuer(issuer, options, clientSecret);
  return examine(subject, { http, clock: world.clock, token, platformAheadSeconds: undefined });
}

async function ofPlatform(
  context: CommandContext,
  options: DoctorOptions,
  given: string | undefined,
): Promise<Finding[]> {
  const { clientSecret, http, world } = context;
  const settings = await context.settings();
  const { findings, oidc, clockAheadSeconds } = await examinePlatform(settings.baseUrl, context);
  if (!oidc) return [...findings];
  const subject = subjectOfPlatform(oidc, options, clientSecret);
  const circumstances = { http, clock: world.clock, platformAheadSeconds: clockAheadSeconds };
  if (given !== undefined) return [...findings, ...(await examine(subject, { ...circumstances, token: given }))];
  const { token, ofSignIn } = await presentSignIn(context);
  const examined = await examine(subject, { ...circumstances, token });
  return [...findings, ...ofPresentSignIn([...examined, ...ofSignIn], signInAdvice(settings))];
}

function signInAdvice({ credentials, signInCommand }: Settings): string {
  return credentials.from === 'environment'
    ? `Set NMP_ACCESS_TOKEN to another token, or unset it and run: ${signInCommand}`
    : `Sign in again. Run: ${signInCommand}`;
}

/** The sign-in that commands use, as the platform and this machine see it. */
async function presentSignIn(context: CommandContext): Promise<{ token?: string | undefined; ofSignIn: Finding[] }> {
  const { token, finding } = await usedToken(context);
  if (token === undefined) return { ofSignIn: finding ? [finding] : [] };
  const ofSignIn = [await examineSignIn(context.client())];
  return { token: (await usedToken(context)).token ?? token, ofSignIn }; // asked again: it may have been refreshed
}

/** The token that commands would send, refreshed first when it is about to end; none when nobody is signed in. */
async function usedToken(context: CommandContext): Promise<{ token?: string | undefined; finding?: Finding }> {
  const settings = await context.settings();
  const { credentials } = settings;
  // A workload's token comes from the platform: the identity provider has no part in it.
  if (credentials.from === 'workload') return {};
  if (credentials.from === 'environment' || credentials.from === 'argument') return { token: credentials.token };
  if (credentials.from === 'none') return {};
  try {
    return { token: await context.storedTokens(settings).accessToken() };
  } catch (error) {
    if (!(error instanceof NeMoError)) throw error;
    return { finding: unusableSignIn(error) };
  }
}
