import { run } from '@nmp/cli';
import { environmentFetch } from '@nmp/sdk';
import type { World } from '@nmp/cli';
import { FakeClock } from '../../../sdk/test/support/fake-clock.js';
import { StubIdp } from '../../../sdk/test/support/stub-idp.js';
import { StubPlatform } from '../../../sdk/test/support/stub-platform.js';
import { TemporaryConfig } from '../../../sdk/test/support/temporary-config.js';
import { watchOutput } from './watched-output.js';

/** What one call of the program left. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program in a world of its own: real network to stubs, real file, everything else made up. */
export class CommandLine {
  readonly openedPages: string[] = [];
  readonly prompts: string[] = [];
  clock = new FakeClock();

  private constructor(
    readonly idp: StubIdp,
    readonly platform: StubPlatform,
    readonly config: TemporaryConfig,
  ) {}

  static async start(): Promise<CommandLine> {
    const idp = await StubIdp.start();
    return new CommandLine(idp, await StubPlatform.start(idp), await TemporaryConfig.create());
  }

  /** Runs a command line; `env` comes on top of what points at the stubs. */
  async run(args: readonly string[], world: Partial<World> = {}): Promise<CommandResult> {
    const written = { stdout: '', stderr: '' };
    const output = (name: keyof typeof written) => ({
      write: (text: string) => {
        written[name] += text;
      },
    });
    const exitCode = await run(
      {
        programName: 'nemo',
        homeDirectory: this.config.directory,
        stdout: output('stdout'),
        stderr: output('stderr'),
        isInteractive: false,
        clock: this.clock,
        fetchTrusting: (findAuthority) => environmentFetch({}, findAuthority),
        signal: new AbortController().signal,
        openBrowser: async (url) => {
          this.openedPages.push(url);
          return Promise.resolve();
        },
        everyTick: (tick) => {
          tick();
          return () => undefined;
        },
        readInput: () => Promise.resolve(''),
        promptSecret: async (message) => {
          this.prompts.push(message);
          return Promise.resolve('prompted-password');
        },
        ...world,
        env: { NMP_CONFIG_FILE: this.config.path, ...world.env },
      },
      args,
    );
    watchOutput('stderr of nemo', written.stderr);
    return { exitCode, ...written };
  }

  /** Makes the provider ready for a sign-in by device flow: pending once, then tokens. */
  allowDeviceLogin(): void {
    this.idp.http.on('POST /device', this.idp.deviceCode());
    this.idp.http.on('POST /token', [
      this.idp.error('authorization_pending'),
      this.idp.tokens({ now: this.clock.now() }),
    ]);
  }

  /** Puts a sign-in of alice into the file. @returns her token */
  async signedIn(refreshToken: string | undefined = 'refresh-0'): Promise<string> {
    const token = this.idp.accessToken({ now: this.clock.now() });
    const baseUrl = this.platform.url;
    await this.config.signIn({ baseUrl, token, ...(refreshToken === '' ? {} : { refreshToken }) });
    return token;
  }

  async end(): Promise<void> {
    await Promise.all([this.idp.close(), this.platform.close()]);
    await this.config.remove();
  }
}
