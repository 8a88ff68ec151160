import { connect } from 'node:net';

/** The answer to a request, as it came over the socket. */
export interface Answered {
  readonly status: number;
  /** Names in lower case, in order, with their values; a header that came twice is here twice. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/**
 * Sends a request byte by byte as it is written, for what no HTTP client would send, and reads the answer to its end.
 * A server that ends the connection early is heard as far as it spoke.
 */
export async function exchange(url: string, head: readonly string[], body = ''): Promise<Answered> {
  const { hostname, port } = new URL(url);
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
    socket.on('error', () => resolve()); // it ends the connection, and says before why
    socket.on('close', () => resolve());
    socket.write(`${[...head, 'Connection: close', '', ''].join('\r\n')}${body}`, 'latin1');
  });
  return parseAnswer(Buffer.concat(chunks));
}

function parseAnswer(answer: Buffer): Answered {
  const end = answer.indexOf('\r\n\r\n');
  const head = answer.subarray(0, end === -1 ? undefined : end).toString('latin1');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    body: end === -1 ? '' : answer.subarray(end + 4).toString(),
  };
}
