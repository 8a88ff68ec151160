import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Principal, RequireScopes } from '@nmp/auth';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { type Ask, requireGuarded } from './notes.js';

@WebSocketGateway()
class NotesGateway {
  @RequireScopes('notes:read')
  @SubscribeMessage('notes')
  notes(@Principal('id') id: string) {
    return { event: 'notes', data: { owner: id } };
  }
}

interface Refusal {
  readonly code?: string;
}

const askSocketIo: Ask = (url, token) =>
  new Promise((resolve) => {
    const auth = token === undefined ? {} : { token };
    const client = io(url, { auth, transports: ['websocket'], reconnection: false, forceNew: true });
    const end = (outcome: unknown) => {
      client.disconnect();
      resolve(outcome);
    };
    client.once('connect_error', (error: Error & { data?: Refusal }) => end(error.data?.code ?? error.message));
    client.once('connect', () => client.emit('notes', {}));
    client.once('notes', end);
    client.once('exception', ({ code }: Refusal) => end(code));
  });

const askWs: Ask = (url, token) =>
  new Promise((resolve, reject) => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const client = new WebSocket(url.replace('http', 'ws'), { headers });
    client.once('unexpected-response', (_request, answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('end', () => resolve((JSON.parse(Buffer.concat(chunks).toString()) as Refusal).code));
    });
    client.once('error', reject);
    client.once('open', () => client.send(JSON.stringify({ event: 'notes' })));
    client.once('message', (text: Buffer) => {
      client.terminate();
      const { event, data } = JSON.parse(text.toString()) as { event: string; data: Refusal };
      resolve(event === 'exception' ? data.code : data);
    });
  });

async function main(): Promise<void> {
  const parts = { providers: [NotesGateway] };
  const answer = { owner: 'alice' };
  await requireGuarded(parts, askSocketIo, {
    answer,
    configure: (app) => app.useWebSocketAdapter(new IoAdapter(app)),
  });
  await requireGuarded(parts, askWs, { answer, configure: (app) => app.useWebSocketAdapter(new WsAdapter(app)) });
}

// A rejection ends the process with exit code 1 and the difference.
void main();
