import { TestIssuer } from '@nmp/auth/testing';
import type { AccessTokenInput, TestIssuerOptions } from '@nmp/auth/testing';
import { FakeClock } from '../../../sdk/test/support/fake-clock.js';
import type { CommandResult } from './command-line.js';
import { CommandLine } from './command-line.js';

/** What `auth doctor -f json` prints. */
export interface Report {
  readonly sign_in_will_work: boolean;
  readonly findings: readonly { level: string; check: string; message: string; advice: string; config: string }[];
}

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** The client that is examined, as options. */
export const client = ['--client-id', 'nmp-cli', '--audience', 'nmp-cli'] as const;

/** `nemo auth doctor`, and a provider with nothing wrong for it to examine. */
export class Examination {
  private constructor(
    readonly line: CommandLine,
    private started: TestIssuer,
  ) {}

  static async start(): Promise<Examination> {
    const line = await CommandLine.start();
    line.clock = new FakeClock(new Date().toISOString());
    line.idp.http.on('POST /device', line.idp.deviceCode());
    return new Examination(line, await startIssuer(line));
  }

  get issuer(): TestIssuer {
    return this.started;
  }

  /** Puts another provider in the place of the good one. */
  async replaceIssuer(metadata: Record<string, unknown> = {}, more: TestIssuerOptions = {}): Promise<void> {
    await this.started.close();
    this.started = await startIssuer(this.line, metadata, more);
  }

  /** @param token Given with `--with-token`. */
  run(args: readonly string[] = [], token?: string): Promise<CommandResult> {
    const subject = args.includes('--issuer') ? [] : ['--issuer', this.issuer.issuer];
    const given = token === undefined ? [] : ['--with-token'];
    return this.line.run(['auth', 'doctor', ...subject, ...client, ...args, ...given], {
      readInput: () => Promise.resolve(`${token}\n`),
    });
  }

  async report(args: readonly string[] = [], token?: string): Promise<Report & { exitCode: number }> {
    const { stdout, exitCode } = await this.run([...args, '-f', 'json'], token);
    return { ...(JSON.parse(stdout) as Report), exitCode };
  }

  token(input: AccessTokenInput = {}): Promise<string> {
    return this.issuer.accessToken({ groups: ['g'], ...input });
  }

  async end(): Promise<void> {
    await Promise.all([this.issuer.close(), this.line.end()]);
  }
}

function startIssuer(
  { idp }: CommandLine,
  metadata: Record<string, unknown> = {},
  more: TestIssuerOptions = {},
): Promise<TestIssuer> {
  return TestIssuer.start({
    algorithm: 'ES256',
    ...more,
    metadata: {
      token_endpoint: idp.endpoint('/token'),
      device_authorization_endpoint: idp.endpoint('/device'),
      revocation_endpoint: idp.endpoint('/revoke'),
      grant_types_supported: [deviceGrant, 'password', 'refresh_token'],
      token_endpoint_auth_methods_supported: ['none'],
      ...metadata,
    },
  });
}
