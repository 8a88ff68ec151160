const CODE = Symbol('the code of the refusal');

/** Notes on a request by which code it was refused, for its line in the log. */
export function noteRefusalCode(request: object, code: string): void {
  Object.defineProperty(request, CODE, { value: code, configurable: true });
}

/** By which code the request was refused; `undefined` when it was not. */
export function refusalCodeOf(request: object): string | undefined {
  return (request as { [CODE]?: string })[CODE];
}
