import { deepStrictEqual } from 'node:assert';
import { Controller, Get } from '@nestjs/common';
import { Principal, RequireScopes } from '@nmp/auth';
import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { type Ask, requireGuarded } from './notes.js';

@Controller('notes')
class NotesController {
  @RequireScopes('notes:read')
  @Get()
  list(@Principal('id') id: string) {
    return { owner: id };
  }
}

const ask: Ask = async (url, token) => {
  const response = await fetch(`${url}/notes`, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  const body = (await response.json()) as { code?: string };
  return body.code ?? body;
};

async function main(): Promise<void> {
  const spans = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
  await requireGuarded({ controllers: [NotesController] }, ask, { answer: { owner: 'alice' } });
  const verified = spans.getFinishedSpans().filter(({ name }) => name === 'auth.verify');
  deepStrictEqual(verified.length, 3, 'each token is verified in a span');
}

// A rejection ends the process with exit code 1 and the difference.
void main();
