/** More than any honest answer of an identity provider or of the platform's metadata. */
export const MAX_BODY_BYTES = 1_048_576;

/** More than any honest answer of the platform's API: its largest page of a list is a tenth of that. */
export const MAX_API_BODY_BYTES = 10_485_760;

/** Reads an answer's body as text, or `undefined` when it is longer than `maxBytes`; what is longer is not read to its end. */
export async function readCappedBody(response: Response, maxBytes = MAX_BODY_BYTES): Promise<string | undefined> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxBytes) return undefined; // leaving the loop cancels the stream
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks)); // drops a byte-order mark
}
