import type { ConfigFile, SettingSources, StoredPreferences } from '@nmp/sdk';
import { ConfigError, contextNameOf, documentFor } from '@nmp/sdk';

/** What a context of the file says about output. A file that cannot be used says nothing: the command that needs it complains. */
export async function readPreferences(sources: SettingSources, configFile: ConfigFile): Promise<StoredPreferences> {
  try {
    const document = await documentFor(sources, configFile);
    return document.preferences(contextNameOf(sources, document));
  } catch (error) {
    if (error instanceof ConfigError) return {};
    throw error;
  }
}
