/** The headers of a message, names in any case. */
export type MessageHeaders = readonly (readonly [name: string, value: string])[];

const headersKey = 'nmp:headers';
const dataKey = 'nmp:data';

/** The form of a message where the transport has no headers: TCP and Redis. */
export interface MessageEnvelope {
  readonly [headersKey]: Readonly<Record<string, string>>;
  readonly [dataKey]: unknown;
}

/** Puts headers around the data of a message. */
export function sealEnvelope(headers: Readonly<Record<string, string>>, data: unknown): MessageEnvelope {
  return { [headersKey]: headers, [dataKey]: data };
}

/**
 * Takes an envelope apart; `undefined` for data that is none.
 * @returns The headers as they came, of any form, and the data.
 */
export function openEnvelope(data: unknown): { headers: unknown; data: unknown } | undefined {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  if (!Object.hasOwn(data, headersKey)) return undefined;
  const envelope = data as Partial<MessageEnvelope>;
  return { headers: envelope[headersKey], data: envelope[dataKey] };
}
