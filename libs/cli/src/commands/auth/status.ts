import type { Settings } from '@nmp/sdk';
import {
  ApiError,
  NeMoError,
  NotFoundError,
  signInRequired,
  UnexpectedAnswerError,
  WORKLOAD_TOKEN_FILE,
} from '@nmp/sdk';
import type { CommandArguments } from '../../command-action.js';
import type { CommandContext } from '../../context.js';
import { exitCodes } from '../../exit-codes.js';
import { printData } from '../../output/print.js';
import { calledBy } from '../../program-name.js';
import { audienceAdvice } from './audience-advice.js';
import type { StatusReport, UsedCredentials } from './status-report.js';
import { statusReport, statusTable } from './status-report.js';
import { unsignedWarning } from './unsigned-warning.js';

/** Shows who is signed in; with `--check`, whether the platform agrees. */
export async function status(
  context: CommandContext,
  _args: CommandArguments,
  { check = false }: { check?: boolean },
): Promise<number> {
  const settings = await context.settings();
  // Without credentials there is nothing to ask about.
  const server = check && (await usedCredentials(context, settings)) ? await askPlatform(context) : undefined;
  // After the question: it may have refreshed the token.
  const used = await usedCredentials(context, settings);
  const now = context.world.clock.now();
  const report = statusReport(settings, used, context.configFile.path, now);
  await printData(context, server ? { ...report, platform: server.answer } : report, () => {
    const table = statusTable(report, now);
    return server ? { rows: [...table.rows, ['Platform says', server.answer.says]] } : table;
  });
  const { programName } = context.world;
  if (report.unsigned) context.warn(unsignedWarning);
  if (isRefusal(server?.failure)) {
    context.say(`The platform does not accept this sign-in. ${calledBy(programName, server.failure.advice)}`);
    if (report.token_format === 'opaque') context.say(`The token is not a JWT. ${audienceAdvice}`);
    return exitCodes.remote;
  }
  if (server?.failure) throw server.failure; // what is known here has been shown
  if (report.token_format === 'opaque' && !server) context.say(opaqueAdvice(programName));
  if (report.signed_in) {
    if (report.ended_at !== null) context.say(calledBy(programName, endedSentence(report, settings)));
    return exitCodes.success;
  }
  context.say(calledBy(programName, adviceFor(report, settings)));
  return exitCodes.local;
}

/** Whether the platform has judged the sign-in: one that does not know the question has not. */
function isRefusal(failure: NeMoError | undefined): failure is ApiError {
  return failure instanceof ApiError && failure.status < 500 && !(failure instanceof NotFoundError);
}

function opaqueAdvice(programName: string): string {
  return `The token is not a JWT, and few platforms accept others. To ask this one, run: ${programName} auth status --check`;
}

/** Nobody is signed in any more, or nobody was: why, and what to do. */
function adviceFor(report: StatusReport, settings: Settings): string {
  const { signInCommand } = settings;
  if (!report.expired) return signInRequired(settings).message;
  if (report.credential_source === 'NMP_ACCESS_TOKEN')
    return `The token in NMP_ACCESS_TOKEN has expired: set it to a good one, or unset it and run: ${signInCommand}`;
  if (report.ended_at !== null) return endedSentence(report, settings);
  return `The token has expired. Run: ${report.refresh_token || report.unsigned ? 'nemo auth refresh' : signInCommand}`;
}

function endedSentence({ expired }: StatusReport, { signInCommand }: Settings): string {
  const token = expired ? 'The token has expired' : 'The token is good until it expires';
  return `${token}, and the sign-in has ended: the identity provider no longer accepts it. Run: ${signInCommand}`;
}

interface PlatformAnswer {
  readonly accepted: boolean;
  readonly says: string;
}

interface AskedPlatform {
  readonly answer: PlatformAnswer;
  readonly failure?: NeMoError;
}

async function askPlatform(context: CommandContext): Promise<AskedPlatform> {
  try {
    const { principal } = await context.client().auth.whoami();
    const says = `accepted as ${principal.email ?? (principal.id || principal.kind)}`;
    return { answer: { accepted: true, says } };
  } catch (error) {
    if (!(error instanceof NeMoError)) throw error;
    return { answer: { accepted: false, says: wordsOf(error) }, failure: error };
  }
}

function wordsOf(error: NeMoError): string {
  if (error instanceof ApiError) return `(${error.status}) ${error.detail}`;
  return error instanceof UnexpectedAnswerError ? 'nothing that can be understood' : 'nothing: it could not be asked';
}

async function usedCredentials(context: CommandContext, settings: Settings): Promise<UsedCredentials | undefined> {
  const { credentials: given, contextName, baseUrl } = settings;
  if (given.from === 'none') return undefined;
  if (given.from === 'environment' || given.from === 'argument')
    return { source: 'NMP_ACCESS_TOKEN', credentials: { token: given.token } };
  if (given.from === 'workload') {
    const token = await context.workloadTokens(baseUrl, given.tokenFile).accessToken();
    return { source: WORKLOAD_TOKEN_FILE, credentials: { token } };
  }
  const { credentials, keychain } = await context.store.read(contextName);
  return credentials && { source: keychain ? 'keychain' : 'config file', credentials };
}
