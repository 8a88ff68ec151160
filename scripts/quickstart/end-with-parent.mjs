// Preloaded into a service that the quickstart starts: the service's stdin is a pipe held by the quickstart, and when
// that is gone, however it ended, the service ends as well.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
process.stdin.unref();
