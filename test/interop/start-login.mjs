import { nemo } from '../../scripts/quickstart/nemo.mjs';

/**
 * Starts a sign-in by device flow on the command line; `prompt` settles when it has shown the address and the code,
 * `result` when it has ended.
 *
 * @param {{ platformUrl: string, configFile: string, args?: readonly string[], signal?: AbortSignal }} login
 */
export function startLogin({ platformUrl, configFile, args = [], signal }) {
  let seen = '';
  let show;
  const shown = new Promise((resolve) => {
    show = resolve;
  });
  const onLine = (line) => {
    seen += `${line}\n`;
    const userCode = /\b[A-Z0-9]{4}-[A-Z0-9]{4}\b/.exec(seen)?.[0];
    const completeUrl = /https?:\/\/\S+user_code=\S+/.exec(seen)?.[0];
    if (userCode && completeUrl) show({ url: completeUrl.replace(/\?.*$/, ''), completeUrl, userCode });
  };
  const command = ['auth', 'login', '--no-browser', '--base-url', platformUrl, ...args];
  const result = nemo(command, { configFile, onLine, signal });
  const ended = result.then(({ code }) => {
    throw new Error(`the command ended with exit code ${code} before it showed a code:\n${seen}`);
  });
  const prompt = Promise.race([shown, ended]);
  // Looked at by nobody once the code was shown.
  ended.catch(() => {});
  return { prompt, result };
}
