import { Logger, type Provider } from '@nestjs/common';
import { AuthConfig } from '../auth-config.js';
import { Clock } from '../clock.js';
import { explainedRefusal } from '../development/explained-refusal.js';
import { AuthEvents } from '../events/auth-events.js';
import { IssuerKeys } from '../keys/issuer-keys.js';
import { keySetLog } from '../keys/key-set-log.js';
import { keySetReports } from '../keys/key-set-reports.js';
import { TrustedIssuers } from '../keys/trusted-issuers.js';
import { AuthTracer } from '../tracing/auth-tracer.js';
import { AccessTokenVerifier, type NoticeListener } from './access-token-verifier.js';
import { CallerReports } from './caller-reports.js';
import { RefusalLog } from './refusal-log.js';

const logger = new Logger('AuthModule');

type VerifierParts = [AuthConfig, TrustedIssuers, Clock, CallerReports, AuthTracer];

/** The verifier of an application, with its keys, and those who are told what it does. */
export const verificationProviders: Provider[] = [
  { provide: AuthEvents, useFactory: (clock: Clock) => new AuthEvents(logger, clock), inject: [Clock] },
  {
    provide: CallerReports,
    useFactory: (config: AuthConfig, events: AuthEvents) => new CallerReports(config, events),
    inject: [AuthConfig, AuthEvents],
  },
  { provide: AuthTracer, useFactory: loadedTracer },
  {
    provide: RefusalLog,
    useFactory: ({ explainRefusals, optionNames }: AuthConfig, clock: Clock) =>
      new RefusalLog(logger, clock, explainRefusals ? (error) => explainedRefusal(error, optionNames) : undefined),
    inject: [AuthConfig, Clock],
  },
  {
    provide: TrustedIssuers,
    useFactory: (config: AuthConfig, clock: Clock, events: AuthEvents, tracer: AuthTracer) =>
      new TrustedIssuers(config, clock, keySetReports(events, keySetLog(logger)), tracer),
    inject: [AuthConfig, Clock, AuthEvents, AuthTracer],
  },
  {
    provide: IssuerKeys,
    useFactory: (issuers: TrustedIssuers) => new IssuerKeys(issuers),
    inject: [TrustedIssuers],
  },
  {
    provide: AccessTokenVerifier,
    useFactory: (...[config, issuers, clock, reports, tracer]: VerifierParts) =>
      new AccessTokenVerifier(config, issuers, clock, { onNotices: noticeLog(), reports, tracer }),
    inject: [AuthConfig, TrustedIssuers, Clock, CallerReports, AuthTracer],
  },
];

/** With the OpenTelemetry of the application, if it has one. */
async function loadedTracer(): Promise<AuthTracer> {
  const tracer = new AuthTracer();
  await tracer.load();
  return tracer;
}

/** Tells each thing once: what a provider leaves out of one token it leaves out of others. */
function noticeLog(): NoticeListener {
  const told = new Set<string>();
  const tell = (line: string): void => {
    if (told.has(line) || told.size >= 100) return;
    told.add(line);
    logger.warn(line);
  };
  return ({ issuer, groupsOverage }, notices) => {
    for (const { what } of notices) tell(`A token of ${issuer}: ${what}`);
    if (groupsOverage) {
      tell(
        `Tokens of ${issuer} leave groups out when there are too many: assign groups to the application, or use roles`,
      );
    }
  };
}
