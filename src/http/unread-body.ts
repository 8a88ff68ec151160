import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { parseJson } from './json-body.js';
import { RequestBodyError } from './request-body-error.js';

const MAX_FORM_BYTES = 65_536;

/** The body of a request that is still on its way. Nothing of it is read before somebody wants it. */
export class UnreadBody {
  constructor(
    private readonly stream: Readable,
    private readonly headers: IncomingHttpHeaders,
    private readonly maxBytes: number,
    /** Called when it is waited for; returns what is called when that is over. */
    private readonly onWait: () => () => void = () => () => undefined,
  ) {}

  /**
   * Reads the body as JSON.
   * @param ask is called before, when there is a body that can be taken: its sender may wait for a word.
   * @returns `undefined` when it is empty.
   * @throws {RequestBodyError} when it is something else, too large, or cut short.
   */
  async json(ask: () => void = () => undefined): Promise<unknown> {
    const { 'content-type': mediaType = '', 'content-encoding': coding = 'identity' } = this.headers;
    const bytes = isJson(mediaType) && coding === 'identity' ? await this.read(ask) : undefined;
    if (bytes !== undefined) return bytes.length === 0 ? undefined : parseJson(bytes);
    throw new RequestBodyError(415, 'The body must be JSON, uncompressed, with Content-Type: application/json');
  }

  /**
   * Reads the body as a form of at most 64 KiB; a field that comes twice is there twice.
   * @param ask as for {@link json}
   * @throws {RequestBodyError} when it is something else, too large, or cut short.
   */
  async form(ask: () => void = () => undefined): Promise<URLSearchParams> {
    const { 'content-type': mediaType = '', 'content-encoding': coding = 'identity' } = this.headers;
    if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(mediaType) || coding !== 'identity') {
      const type = 'application/x-www-form-urlencoded';
      throw new RequestBodyError(415, `The body must be a form, uncompressed, with Content-Type: ${type}`);
    }
    return new URLSearchParams((await this.read(ask, MAX_FORM_BYTES)).toString('utf8'));
  }

  private async read(ask: () => void, limit = this.maxBytes): Promise<Buffer> {
    const maxBytes = Math.min(limit, this.maxBytes);
    if (Number(this.headers['content-length']) > maxBytes) throw tooLarge(maxBytes);
    ask();
    const begin = this.onWait();
    return this.everything(maxBytes).finally(begin);
  }

  private everything(maxBytes: number): Promise<Buffer> {
    const { stream } = this;
    const chunks: Buffer[] = [];
    let length = 0;
    return new Promise((resolve, reject) => {
      const cutShort = () => reject(new RequestBodyError(400, 'The body ended before it was complete'));
      if (stream.destroyed) cutShort();
      stream.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= maxBytes) chunks.push(chunk);
        else reject(tooLarge(maxBytes));
      });
      stream.once('end', () => resolve(Buffer.concat(chunks)));
      stream.once('error', cutShort);
      stream.once('close', cutShort);
    });
  }
}

function isJson(mediaType: string): boolean {
  return /^application\/json\s*(;|$)/i.test(mediaType);
}

function tooLarge(maxBytes: number): RequestBodyError {
  return new RequestBodyError(413, `The body must have at most ${maxBytes} bytes`);
}
