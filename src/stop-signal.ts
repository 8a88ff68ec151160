/**
 * Resolves with the name of the first signal that asks the process to stop. A second one ends it at once, for whoever
 * does not want to wait.
 */
export function stopSignal(process: Pick<NodeJS.Process, 'on' | 'exit'>): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (isStopping) process.exit(signal === 'SIGINT' ? 130 : 143);
      isStopping = true;
      resolve(signal);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
