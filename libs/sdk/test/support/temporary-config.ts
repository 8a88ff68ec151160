import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigFile } from '@nmp/sdk';

/** A configuration file in a directory of its own. */
export class TemporaryConfig {
  private constructor(readonly directory: string) {}

  static async create(): Promise<TemporaryConfig> {
    return new TemporaryConfig(await mkdtemp(join(tmpdir(), 'nmp-config-')));
  }

  get path(): string {
    return join(this.directory, 'config.yaml');
  }

  get file(): ConfigFile {
    return new ConfigFile(this.path);
  }

  async write(text: string): Promise<void> {
    await writeFile(this.path, text);
    await chmod(this.path, 0o600);
  }

  /** Writes a file in which alice is signed in to a platform. */
  async signIn(user: { baseUrl: string; token: string; refreshToken?: string; more?: string }): Promise<void> {
    const refresh = user.refreshToken === undefined ? '' : `\n    refresh_token: ${user.refreshToken}`;
    await this.write(`current_context: default
clusters:
  - name: default-cluster
    base_url: ${user.baseUrl}
users:
  - name: default-user # alice's
    type: oauth
    token: ${user.token}${refresh}${user.more ?? ''}
contexts:
  - name: default
    cluster: default-cluster
    user: default-user
    workspace: default
`);
  }

  read(): Promise<string> {
    return readFile(this.path, 'utf8');
  }

  async mode(): Promise<string> {
    return ((await stat(this.path)).mode & 0o777).toString(8);
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
