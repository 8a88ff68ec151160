import { NeMoError } from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { examine } from '../../doctor/examine.js';
import { examinePlatform, examineSignIn } from '../../doctor/examine-platform.js';
import type { Finding } from '../../doctor/finding.js';
import { problem } from '../../doctor/finding.js';
import { exitCodeOf, printFindings } from '../../doctor/doctor-report.js';
import type { SubjectOptions } from '../../doctor/subject-of-options.js';
import { subjectOfIssuer, subjectOfPlatform } from '../../doctor/subject-of-options.js';
import { exitCodes } from '../../exit-codes.js';

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
  const exitCode = exitCodeOf(findings);
  const count = findings.filter(({ level }) => level === 'problem').length;
  context.say(
    exitCode === exitCodes.success ? 'Signing in will work.' : `Signing in will not work: ${count} problem(s).`,
  );
  return exitCode;
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
  const { baseUrl } = await context.settings();
  const { findings, oidc, clockAheadSeconds } = await examinePlatform(baseUrl, context);
  if (!oidc) return [...findings];
  const subject = subjectOfPlatform(oidc, options, clientSecret);
  const used = given === undefined ? await usedToken(context) : { token: given };
  const examined = await examine(subject, {
    http,
    clock: world.clock,
    token: used.token,
    platformAheadSeconds: clockAheadSeconds,
  });
  const isUsed = given === undefined && used.token !== undefined;
  return [
    ...findings,
    ...examined,
    ...(used.finding ? [used.finding] : []),
    ...(isUsed ? [await examineSignIn(context)] : []),
  ];
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
    return { finding: problem('token', error.message) };
  }
}
