import { Counter, Histogram, type Registry } from 'prom-client';
import type { Answer } from '../http/answer.js';

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts and measures answers, by the pattern of the route: what strangers write into a path makes no series. */
export class AnswerMetrics {
  private readonly answers: Counter<'method' | 'route' | 'status'>;
  private readonly seconds: Histogram<'route'>;
  private readonly limited: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.answers = new Counter({
      name: 'nmp_http_requests_total',
      help: 'Answered requests; route "none" is no route of the service.',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.seconds = new Histogram({
      name: 'nmp_http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer.',
      labelNames: ['route'],
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    });
    this.limited = new Counter({
      name: 'nmp_http_rate_limited_total',
      help: 'Requests answered 429 because their client sends too many.',
      registers,
    });
  }

  note({ method, route = 'none', statusCode, seconds }: Answer): void {
    const known = methods.has(method) ? method : 'other';
    this.answers.inc({ method: known, route, status: `${Math.floor(statusCode / 100)}xx` });
    this.seconds.observe({ route }, seconds);
    if (statusCode === 429) this.limited.inc();
  }
}
