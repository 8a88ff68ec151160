import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { credentialsOf, dataOfField, isOfConnection, openField, subjectOfField } from './graphql.js';
import { type GraphqlConnection, noteConnection } from './graphql-connection.js';
import { dropHeaders, type HttpRequest } from './http.js';

describe('the carrier of GraphQL', () => {
  const info = { fieldNodes: [], schema: {}, operation: {} };
  const requestWith = (headers: HttpRequest['headers'], rawHeaders: string[]): HttpRequest =>
    Object.assign(new IncomingMessage(new Socket()), { headers, rawHeaders, method: 'POST' });
  const express = (): HttpRequest =>
    requestWith({ authorization: 'Bearer a', 'x-nmp-principal-id': 'alice' }, [
      'Authorization',
      'Bearer a',
      'X-NMP-Principal-Id',
      'alice',
    ]);
  class FastifyRequest implements HttpRequest {
    readonly raw = express();
    headers = { ...this.raw.headers };
  }
  const fastify = (): HttpRequest => new FastifyRequest();
  const connectionOf = (upgrade: HttpRequest, connectionParams?: Record<string, unknown>): GraphqlConnection => ({
    connectionInitReceived: true,
    ...(connectionParams && { connectionParams }),
    extra: { request: upgrade, socket: { readyState: 1, close: () => {}, once: () => {} } },
  });

  it.each(['req', 'request'])('finds the request under %s', (name) => {
    const request = express();
    expect(subjectOfField([undefined, { a: 1 }, { [name]: request }, info])).toBe(request);
  });

  it("finds the request behind Fastify's reply", () => {
    const request = fastify();
    expect(subjectOfField([undefined, {}, { reply: { request } }, info])).toBe(request);
  });

  it('finds what a reference of another subgraph asks for', () => {
    const request = express();
    const args = [{ __typename: 'Book', id: '1' }, { req: request }, info];
    expect([subjectOfField(args), dataOfField(args)]).toEqual([request, { __typename: 'Book', id: '1' }]);
    expect(dataOfField([{}, { row: 3 }, { req: request }, info])).toEqual({ row: 3 });
  });

  it.each([
    ['no context', [undefined, {}, undefined, info]],
    ['no request', [undefined, {}, { user: {} }, info]],
    ['a request of another form', [undefined, {}, { req: { headers: new Headers() } }, info]],
    ['what a client says is a request', [undefined, {}, { req: { headers: {}, rawHeaders: [], socket: {} } }, info]],
    ["a copy of Fastify's request", [undefined, {}, { req: { ...fastify(), headers: {} } }, info]],
    ['what a client says is a connection', [undefined, {}, { req: connectionOf({ headers: {} }) }, info]],
    ['arguments of another form', [undefined, {}, { req: express() }]],
    ['a context among the arguments', [{}, { req: express() }, 'context', info]],
  ])('knows no call with %s', (_what, args) => {
    expect(openField(args)).toBeUndefined();
  });

  it.each([
    ['Express', express],
    ['Fastify', fastify],
  ])('keeps the headers of a request of %s as they came, whatever handlers get of them', (_name, make) => {
    const request = make();
    const args = [undefined, {}, { req: request }, info];
    openField(args)?.dropHeader('X-NMP-Principal-Id');
    expect([request.headers, (request.raw ?? request).rawHeaders]).toEqual([
      { authorization: 'Bearer a' },
      ['Authorization', 'Bearer a'],
    ]);
    const call = openField(args);
    if (call !== undefined) dropHeaders(call.request); // as those do who identify
    expect(call?.request.headers).toEqual({ authorization: 'Bearer a', 'x-nmp-principal-id': 'alice' });
    expect((call?.request.raw ?? call?.request)?.rawHeaders).toHaveLength(4);
    expect(credentialsOf(request).headers).toEqual(call?.request.headers);
    expect(call?.request.method).toBe(request.method);
  });

  it('leaves out of the lines of a request what is no text', () => {
    const headers = { a: '1', b: { toString: 1 }, c: ['2', {}] } as unknown as HttpRequest['headers'];
    const request = Object.assign(requestWith(headers, []), { rawHeaders: undefined });
    expect(openField([undefined, {}, { req: request }, info])?.request.rawHeaders).toEqual(['a', '1', 'c', '2']);
  });

  it('reads the token of connection_init as one more header of the upgrade request', () => {
    const upgrade = (authorization?: string): HttpRequest =>
      requestWith({ host: 'a', ...(authorization !== undefined && { authorization }) }, [
        'Host',
        'a',
        ...(authorization === undefined ? [] : ['Authorization', authorization]),
      ]);
    const read = (connection: GraphqlConnection) => {
      const request = openField([undefined, {}, { req: connection }, info])?.request;
      return [request?.headers.authorization, request?.rawHeaders?.filter((_, at) => at % 2 === 1)];
    };
    expect(read(connectionOf(upgrade(), { Authorization: 'Bearer a' }))).toEqual(['Bearer a', ['a', 'Bearer a']]);
    expect(read(connectionOf(upgrade('Bearer a'), { authorization: 'Bearer a' }))).toEqual([
      'Bearer a',
      ['a', 'Bearer a'],
    ]);
    expect(read(connectionOf(upgrade('Bearer a'), { authorization: 'Bearer b' }))).toEqual([
      'Bearer a',
      ['a', 'Bearer a', 'Bearer b'],
    ]);
    expect(read(connectionOf(upgrade(), { authorization: 7 }))).toEqual(['Bearer', ['a', 'Bearer']]);
    expect(read(connectionOf(upgrade(), { 'x-nmp-principal-id': 'alice' }))).toEqual([undefined, ['a']]);
  });

  it('finds a connection by its upgrade request', () => {
    const upgrade = requestWith({}, []);
    const args = [undefined, {}, { req: upgrade }, info];
    expect(isOfConnection(args)).toBe(false);
    noteConnection(connectionOf(upgrade, { authorization: 'Bearer a' }));
    expect([isOfConnection(args), openField(args)?.request.headers]).toEqual([true, { authorization: 'Bearer a' }]);
  });
});
