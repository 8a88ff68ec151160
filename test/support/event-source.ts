import { once } from 'node:events';
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** An event as it came. */
export interface ReceivedEvent {
  readonly event?: string;
  readonly data?: string;
}

/** A client of a stream of server-sent events. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export class EventSourceClient {
  private readonly chunks: AsyncIterator<string>;
  private received = '';

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    this.chunks = response[Symbol.asyncIterator]() as AsyncIterator<string>; // of text, as was just said
  }

  /** Asks for a stream; what is answered may be none. */
  static async open(url: string, token?: string): Promise<EventSourceClient> {
    const headers = { accept: 'text/event-stream', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const [response] = (await once(get(url, { headers, agent: false }), 'response')) as [IncomingMessage];
    return new EventSourceClient(response);
  }

  get status(): number | undefined {
    return this.response.statusCode;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  /** The body of an answer that is no stream. */
  async json(): Promise<unknown> {
    return JSON.parse(await text(this.response));
  }

  /** The next event; `undefined` when the stream has ended. */
  async next(): Promise<ReceivedEvent | undefined> {
    for (;;) {
      const end = this.received.indexOf('\n\n');
      if (end < 0) {
        const chunk = await this.chunks.next();
        if (chunk.done === true) return undefined;
        this.received += chunk.value;
        continue;
      }
      const event = eventOf(this.received.slice(0, end));
      this.received = this.received.slice(end + 2);
      if (event !== undefined) return event;
    }
  }

  /** Goes away, in the middle perhaps. */
  abort(): void {
    this.response.on('error', () => {}).destroy();
  }
}

function eventOf(block: string): ReceivedEvent | undefined {
  const fields = block.split('\n').flatMap((line) => {
    const at = line.indexOf(': ');
    return at > 0 ? [[line.slice(0, at), line.slice(at + 2)]] : [];
  });
  const { event, data } = Object.fromEntries(fields) as ReceivedEvent;
  return data === undefined ? undefined : { ...(event !== undefined && { event }), data };
}
