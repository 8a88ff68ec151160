import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the programs of a {@link FakeKeychain} behave. */
export type KeychainBehaviour = 'works' | 'locked' | 'fails' | 'hangs' | 'garbage' | 'cuts';

/** Programs that behave like `secret-tool` and `security`, in a directory that serves as PATH. */
export class FakeKeychain {
  private constructor(private readonly directory: string) {}

  static async create(): Promise<FakeKeychain> {
    const keychain = new FakeKeychain(await mkdtemp(join(tmpdir(), 'nmp-keychain-')));
    const script = await readFile(join(import.meta.dirname, 'fake-keychain.sh'), 'utf8');
    await mkdir(join(keychain.directory, 'items'));
    await keychain.will('works');
    for (const program of ['secret-tool', 'security']) {
      await writeFile(join(keychain.directory, program), script);
      await chmod(join(keychain.directory, program), 0o755);
    }
    return keychain;
  }

  /** What a process that uses it has in its environment. */
  get env(): { readonly PATH: string } {
    return { PATH: this.directory };
  }

  async will(behaviour: KeychainBehaviour): Promise<void> {
    await writeFile(join(this.directory, 'behaviour'), behaviour);
  }

  /** The accounts it holds something for, with `_` for `/`. */
  async accounts(): Promise<string[]> {
    return (await readdir(join(this.directory, 'items'))).toSorted();
  }

  /** What it holds, as the SDK wrote it. */
  async tokens(): Promise<unknown[]> {
    const texts = (await this.accounts()).map((name) => readFile(join(this.directory, 'items', name), 'utf8'));
    return (await Promise.all(texts)).map((text) =>
      Object.fromEntries(new URLSearchParams(text.slice('nmp1:'.length, -1))),
    );
  }

  /** Arguments and environment of every call. */
  async calls(): Promise<string> {
    return readFile(join(this.directory, 'calls'), 'utf8').catch(() => '');
  }

  async uninstall(): Promise<void> {
    for (const program of ['secret-tool', 'security']) await rm(join(this.directory, program));
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
