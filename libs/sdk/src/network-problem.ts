/** A request that got no answer; its cause says why. */
export class NetworkFailure extends Error {}

/** What a code means that few people know. */
const words: Readonly<Record<string, string>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak https; perhaps it speaks http',
};

const untrusted = /SELF_SIGNED_CERT|^UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)/;

/** What went wrong on the way to a server, in a few words: `ECONNREFUSED`, `no answer in time`, … */
export function networkProblem(error: unknown): string {
  if (isTimeout(error)) return 'no answer in time';
  const causes = causesOf(error);
  const coded = causes.map((cause) => (cause as { code?: unknown }).code).find((code) => typeof code === 'string');
  if (typeof coded === 'string') return words[coded] ?? coded;
  const last = causes.at(-1);
  return last instanceof Error ? last.message : 'the connection failed';
}

/** What can be done about it: about a certificate of an authority that is not known here, or in general. */
export function networkAdvice(error: unknown, inGeneral: string): string {
  if (!untrusted.test(networkProblem(error))) return inGeneral;
  return "If the certificate is of your organization's own authority, name a file with that in NMP_CLIENT_SSL_CERT_FILE, or as certificate_authority of the cluster in the configuration file";
}

/** Whether a request ended because its time limit passed. */
export function isTimeout(error: unknown): boolean {
  return causesOf(error).some((cause) => (cause as { name?: unknown }).name === 'TimeoutError');
}

function causesOf(error: unknown): object[] {
  const causes: object[] = [];
  for (let cause = error; typeof cause === 'object' && cause !== null; cause = (cause as { cause?: unknown }).cause) {
    if (causes.includes(cause)) break;
    causes.push(cause);
    // A host with several addresses fails with one error for each; they mostly say the same.
    const [first] = (cause as { errors?: unknown[] }).errors ?? [];
    if (typeof first === 'object' && first !== null) causes.push(first);
  }
  return causes;
}
