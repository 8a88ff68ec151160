import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** What decides where the configuration file lies. */
export interface ConfigPathSources {
  /** Given by the caller: wins over everything. */
  readonly configPath?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @default the home directory of the user who runs the process */
  readonly homeDirectory?: string | undefined;
}

/**
 * Where the configuration file lies: `NMP_CONFIG_FILE`, else `$XDG_CONFIG_HOME/nmp/config.yaml` (unless only
 * `~/.config/nmp` exists), else `~/.config/nmp/config.yaml`.
 * @see XDG Base Directory Specification – a relative `XDG_CONFIG_HOME` is ignored
 */
export function locateConfigFile(sources: ConfigPathSources): string {
  const explicit = sources.configPath ?? sources.env.NMP_CONFIG_FILE;
  if (explicit !== undefined && explicit !== '') return resolve(explicit);
  const plain = join(sources.homeDirectory ?? homedir(), '.config', 'nmp');
  const xdgHome = sources.env.XDG_CONFIG_HOME;
  if (xdgHome === undefined || !isAbsolute(xdgHome)) return join(plain, 'config.yaml');
  const xdg = join(xdgHome, 'nmp');
  return join(!existsSync(xdg) && existsSync(plain) ? plain : xdg, 'config.yaml');
}
