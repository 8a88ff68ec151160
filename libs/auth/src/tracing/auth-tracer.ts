import type * as OpenTelemetry from '@opentelemetry/api';
import type { Span, Tracer } from '@opentelemetry/api';

type TraceApi = typeof OpenTelemetry;

const NAME = '@nmp/auth';

/** What is said of a piece of work: never a token, never whose it is. */
export type SpanAttributes = Readonly<Record<string, string | number | readonly string[]>>;

/** A span, as far as the work in it is concerned. */
export interface WorkSpan {
  set(attributes: SpanAttributes): void;
  /** The work has failed, and not because of what it was given. */
  fail(): void;
}

/** What the work is to the rest of a trace: `client` asks another server. */
export type SpanRole = 'internal' | 'client';

/**
 * Makes spans of the application's OpenTelemetry, if it has one. Without `@opentelemetry/api`, or without an SDK that
 * collects spans, work is just done.
 */
export class AuthTracer {
  private api: TraceApi | undefined;
  private tracer: Tracer | undefined;

  /** Finds the API that the application has, or finds out that it has none. */
  async load(): Promise<void> {
    try {
      this.api = await import('@opentelemetry/api');
    } catch (error) {
      if (!isMissingModule(error)) throw error;
    }
  }

  /** Whether anybody collects spans: where it counts, nothing is made ready for a span that nobody sees. */
  get isActive(): boolean {
    if (this.api === undefined) return false;
    this.tracer ??= tracerOf(this.api);
    return this.tracer !== undefined;
  }

  /** Does some work in a span, which is the parent of those that the work makes. */
  span<T>(name: string, role: SpanRole, work: (span: WorkSpan) => Promise<T>): Promise<T> {
    const { isActive, api, tracer } = this; // in this order: the first finds the last
    if (!isActive || api === undefined || tracer === undefined) return work(noSpan);
    const span = tracer.startSpan(name, { kind: role === 'client' ? api.SpanKind.CLIENT : api.SpanKind.INTERNAL });
    return api.context.with(api.trace.setSpan(api.context.active(), span), () => doIn(span, api, work));
  }
}

/** `undefined` as long as no SDK is registered, which may come later. */
function tracerOf({ trace, ProxyTracerProvider }: TraceApi): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider ? provider.getDelegateTracer(NAME) : provider.getTracer(NAME);
}

const noSpan: WorkSpan = { set: () => {}, fail: () => {} };

async function doIn<T>(span: Span, api: TraceApi, work: (span: WorkSpan) => Promise<T>): Promise<T> {
  try {
    return await work({
      set: (attributes) => void span.setAttributes(attributes as Record<string, string | number | string[]>), // read only here
      fail: () => void span.setStatus({ code: api.SpanStatusCode.ERROR }),
    });
  } finally {
    span.end();
  }
}

function isMissingModule(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
