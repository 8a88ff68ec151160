/**
 * What the quickstart prints when both services are ready.
 *
 * @param {{ platformUrl: string, idpUrl: string, accounts: readonly { email: string, password: string }[], seconds: number, logs: string }} facts
 */
export function welcome({ platformUrl, idpUrl, accounts, seconds, logs }) {
  const [first] = accounts;
  const widest = Math.max(...accounts.map(({ email }) => email.length));
  const baseUrl = platformUrl === 'http://localhost:8080' ? '' : ` --base-url ${platformUrl}`;
  return [
    '',
    `Ready in ${seconds.toFixed(1)} s`,
    '',
    `  Open this           ${platformUrl}/docs`,
    `  Platform            ${platformUrl}`,
    `  API description     ${platformUrl}/openapi.json`,
    `  Identity provider   ${idpUrl}`,
    '',
    ...accounts.map(({ email, password }) => `  ${email.padEnd(widest)}  password: ${password}`),
    '',
    'Try, in another terminal:',
    '',
    `  echo ${first.password} | npx --no-install nemo auth login --username ${first.email} --password-stdin${baseUrl}`,
    '  npx --no-install nemo workspaces create first-light',
    '  npx --no-install nemo workspaces list',
    '',
    `Logs: ${logs}`,
    'Press Ctrl-C to stop.',
  ].join('\n');
}
