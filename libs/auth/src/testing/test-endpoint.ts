import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { failAs, type Outage } from './outage.js';

/** A request as an endpoint received it. */
export interface EndpointRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** What was sent as a form. */
  readonly form: URLSearchParams;
}

/** What an endpoint answers: a status, and a body to be written as JSON. */
export interface EndpointAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** One endpoint of a test issuer: what it was asked, and how it fails. */
export class TestEndpoint {
  /** The requests it has had, in order. */
  readonly requests: EndpointRequest[] = [];
  private outage: Outage | undefined;
  private released: Promise<void> | undefined;

  constructor(private readonly answerTo: (request: EndpointRequest) => EndpointAnswer) {}

  /** Fails from now on. */
  fail(outage: Outage): void {
    this.outage = outage;
  }

  /** Works again. */
  recover(): void {
    this.outage = undefined;
  }

  /** Lets everybody wait from now on, until the function that it returns is called. */
  hold(): () => void {
    let release = (): void => {};
    this.released = new Promise((resolve) => {
      release = resolve;
    });
    return () => {
      this.released = undefined;
      release();
    };
  }

  /** Answers a request, once all of it is there. */
  serve(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
      const asked = { method: request.method ?? '', headers: request.headers, form };
      this.requests.push(asked);
      if (this.outage !== undefined) failAs(this.outage, request, response);
      else void this.reply(asked, response);
    });
  }

  private async reply(asked: EndpointRequest, response: ServerResponse): Promise<void> {
    await this.released;
    const { status, body } = this.answerTo(asked);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}
