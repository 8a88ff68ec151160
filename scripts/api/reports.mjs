import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorLogLevel, ExtractorConfig } from '@microsoft/api-extractor';
import { publicEntries } from './entries.mjs';

/** What is said of docstrings is the linter's; of the surface itself, what cannot be named by those who import it. */
const messages = {
  compilerMessageReporting: { default: { logLevel: 'error' } },
  extractorMessageReporting: {
    default: { logLevel: 'none' },
    'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: true },
  },
  tsdocMessageReporting: { default: { logLevel: 'none' } },
};

/**
 * Describes the public surface of every package, as it was built.
 *
 * @returns {ReadonlyMap<string, string>} the reports, by the names of their files
 * @throws {Error} when the types cannot be read
 */
export function apiReports() {
  const folder = mkdtempSync(join(tmpdir(), 'nmp-api-'));
  try {
    const entries = publicEntries();
    const configurations = entries.map((entry) => configurationOf(entry, folder));
    const additionalEntryPoints = entries.map(({ types }) => types);
    const compilerState = CompilerState.create(configurations[0], { additionalEntryPoints });
    return new Map(configurations.map((configuration) => reportOf(configuration, compilerState)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function configurationOf({ name, directory, types }, folder) {
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(directory, 'package.json'),
    configObject: {
      projectFolder: directory,
      mainEntryPointFilePath: types,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: compiler },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: folder,
        reportTempFolder: join(folder, 'new'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages,
    },
  });
}

const compiler = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: ['node'],
    experimentalDecorators: true,
    strict: true,
    skipLibCheck: true,
  },
};

function reportOf(configuration, compilerState) {
  const problems = [];
  const result = Extractor.invoke(configuration, {
    compilerState,
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) problems.push(message.formatMessageWithoutLocation());
    },
  });
  if (!result.succeeded) throw new Error([configuration.reportFileName, ...problems].join('\n'));
  const file = configuration.reportFilePath;
  return [file.slice(configuration.reportFolder.length + 1), readFileSync(file, 'utf8')];
}
