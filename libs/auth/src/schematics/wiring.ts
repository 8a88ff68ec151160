import type { WritingOptions } from './compiler-options.js';
import type { Setting } from './settings.js';

/** How the application gets at its settings. */
export type SettingsSource = 'process.env' | 'ConfigService' | 'global ConfigService';

/** What the root module imports, in the style of Nest's own files. */
export function wiringText(
  name: string,
  { settings, from, writing }: { settings: readonly Setting[]; from: SettingsSource; writing: WritingOptions },
): string {
  const isService = from !== 'process.env';
  const options = settings.map(({ option, variable, value }) =>
    isService
      ? `${option}: config.get<string>('${variable}')${orEmpty(undefined, writing)},`
      : `${option}: ${fromProcess(variable, writing)}${orEmpty(value, writing)},`,
  );
  return [
    `${name}.forRootAsync({`,
    ...(from === 'ConfigService' ? ['  imports: [ConfigModule],'] : []),
    ...(isService ? ['  inject: [ConfigService],'] : []),
    `  useFactory: (${isService ? 'config: ConfigService' : ''}) => ({`,
    '    oidc: {',
    ...options.map((line) => `      ${line}`),
    '    },',
    '  }),',
    '})',
  ].join('\n');
}

/** Which names of `@nestjs/config` the wiring uses. */
export function configNames(from: SettingsSource): string[] {
  if (from === 'process.env') return [];
  return from === 'ConfigService' ? ['ConfigModule', 'ConfigService'] : ['ConfigService'];
}

function fromProcess(variable: string, { noPropertyAccessFromIndexSignature }: WritingOptions): string {
  return noPropertyAccessFromIndexSignature ? `process.env['${variable}']` : `process.env.${variable}`;
}

/** What is not set is refused by AuthModule, with all else that is wrong; the compiler may want to have a string. */
function orEmpty(value: string | undefined, { exactOptionalPropertyTypes }: WritingOptions): string {
  if (value !== undefined) return ` ?? '${value}'`;
  return exactOptionalPropertyTypes ? " ?? ''" : '';
}
