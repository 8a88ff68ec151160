/**
 * The e2e test that every new Nest application has, with a caller who is signed in and one who is not.
 *
 * @param override what the testing module is to be told
 * @returns `undefined` when the test is another one
 */
export function guardedStarterTest(text: string, override: string): string | undefined {
  const isStarter = isOneTest(text) && steps.every(([pattern]) => pattern.test(text));
  if (!isStarter) return undefined;
  return steps.reduce((edited, [pattern, replace]) => edited.replace(pattern, replace(override)), text);
}

const steps: readonly [RegExp, (override: string) => string][] = [
  [
    /^import \{ INestApplication \} from '@nestjs\/common';\n/m,
    () =>
      "$&import { AuthConfig } from '@nmp/auth';\nimport { asPrincipal, authTestingConfig } from '@nmp/auth/testing';\n",
  ],
  [
    /^( +)\}\)\.compile\(\);\n/m,
    (override) =>
      `$1})\n$1  .overrideProvider(AuthConfig)\n$1  .useFactory(${override.replaceAll('\n', '\n$1  ')})\n$1  .compile();\n`,
  ],
  [
    / {2}it\('\/ \(GET\)', \(\) => \{\n( +return request\(app\.getHttpServer\(\)\)\n)( +)\.get\('\/'\)\n( +\.expect\(200\)\n +\.expect\('Hello World!'\);\n {2}\}\);\n)/,
    () =>
      "  it('/ (GET)', () => {\n$1$2.get('/')\n$2.use(asPrincipal())\n$3\n" +
      "  it('/ (GET) without a token', () => {\n    return request(app.getHttpServer()).get('/').expect(401);\n  });\n",
  ],
];

function isOneTest(text: string): boolean {
  return text.match(/^\s*it\(/gm)?.length === 1 && /describe\('\w+ \(e2e\)'/.test(text);
}
