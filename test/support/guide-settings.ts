import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { AuthModule } from '@nmp/auth';
import { ConfigDocument } from '@nmp/sdk';
import { parseAllDocuments, stringify } from 'yaml';
import { loadConfig } from '../../src/config/load-config.js';
import { settingTree } from '../../src/config/setting-tree.js';

interface Settings {
  [key: string]: unknown;
}

/**
 * Lets those read a YAML block of a guide whom it is for: the platform, or the command line.
 * @param directory Where files may be written.
 * @throws {Error} saying what they do not like
 */
export async function readYamlBlock(text: string, directory: string): Promise<void> {
  const documents = parseAllDocuments(text);
  for (const { errors } of documents) if (errors[0] !== undefined) throw errors[0];
  const content: unknown = documents[0]?.toJS();
  const [first = ''] = Object.keys(Object(content) as object);
  if (first === 'current_context') ConfigDocument.parse(text, 'config.yaml');
  if (Object.hasOwn(settingTree, first)) await readSettings(content as Settings, directory);
}

/** A guide may show a part of the file: what it needs at least is put beside it. */
async function readSettings(content: Settings, directory: string): Promise<void> {
  const auth = (content.auth ?? {}) as Settings;
  const oidc = (auth.oidc ?? {}) as Settings;
  const whole = { issuer: 'https://idp.example.com', client_id: 'nmp-cli', ...oidc };
  const file = join(directory, 'platform.yaml');
  writeFileSync(file, stringify({ ...content, auth: { ...auth, oidc: whole } }));
  const config = loadConfig({ NMP_CONFIG_FILE_PATH: file });
  const module = await Test.createTestingModule({ imports: [AuthModule.forRoot(config.auth)] }).compile();
  await module.close();
}
