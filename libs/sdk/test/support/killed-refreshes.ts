import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { NeMoPlatform } from '@nmp/sdk';
import { BundledProgram } from './bundled-program.js';
import { lookalikeToken } from './lookalike-token.js';
import type { StubIdp } from './stub-idp.js';
import { StubPlatform } from './stub-platform.js';
import { TemporaryConfig } from './temporary-config.js';

/** Where the provider is that a {@link KilledRefreshes} uses, and what it says of itself. */
export interface RefreshTokens {
  /** Starts a sign-in. @returns its first refresh token */
  begin(): Promise<string>;
  /** What discovery says beside the usual. */
  readonly discovery: Record<string, unknown>;
}

/** What became of a sign-in whose refresh was killed. */
export interface KillOutcome {
  /** Where in the time that a refresh takes it was killed: 0 is the first request, 1 the end. */
  readonly at: number;
  /** The refresh token in the file, which is valid. */
  readonly stored: string | undefined;
  /** What the next command said, when it failed. */
  readonly failure: string | undefined;
}

/** Refreshes in processes that are killed at some point, each followed by the next command of the same person. */
export class KilledRefreshes {
  private constructor(
    private readonly platform: StubPlatform,
    private readonly config: TemporaryConfig,
    private readonly program: BundledProgram,
    private readonly tokens: RefreshTokens,
  ) {}

  static async create(idp: StubIdp, tokens: RefreshTokens): Promise<KilledRefreshes> {
    const [platform, config] = await Promise.all([StubPlatform.start(idp), TemporaryConfig.create()]);
    const env = { NMP_CONFIG_FILE: config.path };
    const program = await BundledProgram.create(join(import.meta.dirname, 'list-often.ts'), config.directory, env);
    const kills = new KilledRefreshes(platform, config, program, tokens);
    platform.hasWorkspaces('one');
    platform.discovers(tokens.discovery);
    return kills;
  }

  /** Lets one refresh end by itself. @returns how long it took from its first request on, in milliseconds */
  async undisturbed(): Promise<number> {
    await this.signIn();
    const child = this.program.start('1');
    await this.isAsked();
    const startedAt = performance.now();
    const { exitCode, stderr } = await child.result();
    if (exitCode !== 0) throw new Error(stderr);
    return performance.now() - startedAt;
  }

  /** @param at see {@link KillOutcome} @param duration what `undisturbed` gave */
  async kill(at: number, duration: number): Promise<KillOutcome> {
    await this.signIn();
    const child = this.program.start('1');
    await this.isAsked();
    await new Promise((resolve) => setTimeout(resolve, at * duration));
    child.kill();
    await child.result();
    const stored = (await this.config.file.read()).context('default')?.credentials?.refreshToken;
    await this.letLocksAge();
    return { at, stored, failure: await this.nextCommand() };
  }

  async end(): Promise<void> {
    await this.platform.close();
    await this.config.remove();
  }

  private async signIn(): Promise<void> {
    const token = lookalikeToken({ sub: 'alice-id', iat: 1_577_833_200, exp: 1_577_836_800 });
    await this.config.signIn({ baseUrl: this.platform.url, token, refreshToken: await this.tokens.begin() });
  }

  private async isAsked(): Promise<void> {
    const seen = this.platform.http.requests.length;
    while (this.platform.http.requests.length === seen) await new Promise((resolve) => setImmediate(resolve));
  }

  /** A dead process's lock is recovered after ten seconds; here they are over at once. */
  private async letLocksAge(): Promise<void> {
    const { directory } = this.config;
    const locks = (await readdir(directory)).filter((name) => name.endsWith('.lock'));
    await Promise.all(locks.map((name) => utimes(join(directory, name), 0, 0)));
  }

  private async nextCommand(): Promise<string | undefined> {
    const client = new NeMoPlatform({ configPath: this.config.path, env: {} });
    return client.workspaces
      .list()
      .toArray()
      .then(() => undefined)
      .catch((error: Error) => error.message);
  }
}
