import { createRequire } from 'node:module';
import type * as OpaWasm from '@open-policy-agent/opa-wasm';

// Its ES module has no synchronous form of loading, and its CommonJS module has.
const { loadPolicySync } = createRequire(import.meta.url)('@open-policy-agent/opa-wasm') as typeof OpaWasm;

export type Entrypoint = 'authz/allow' | 'authz/has_permissions' | 'authz/has_role';

/** The policy could not be run, or gave no answer. Whoever asked has no permission by that. */
export class PolicyEngineError extends Error {
  override readonly name = 'PolicyEngineError';
}

/** What one decision may use: 64 KiB each. */
const greatestMemoryPages = 512;
const firstMemoryPages = 16;

/** The compiled policy with its data, in memory of its own. */
export class WasmPolicy {
  private policy: OpaWasm.LoadedPolicy | undefined;

  /**
   * @param data what is the same for every question; a whole new memory is laid out for it, so it should be small
   * @throws {PolicyEngineError} when it is not a compiled policy, or the data does not fit
   */
  constructor(
    private readonly wasm: Uint8Array<ArrayBuffer>,
    private readonly data: object,
  ) {
    this.policy = this.instantiate();
  }

  /**
   * Answers one question.
   * @param input JSON
   * @throws {PolicyEngineError} when the policy fails, such as for want of memory. The next question is not affected.
   */
  evaluate(entrypoint: Entrypoint, input: string): Readonly<Record<string, unknown>> {
    const results = this.run(entrypoint, encode(input));
    const [first] = Array.isArray(results) ? (results as unknown[]) : [];
    if (isRecord(first) && isRecord(first['result'])) return first['result'];
    throw new PolicyEngineError(`the policy gave no answer for ${entrypoint}`);
  }

  private run(entrypoint: Entrypoint, input: ArrayBuffer): unknown {
    this.policy ??= this.instantiate();
    try {
      return this.policy.evaluate(input, entrypoint) as unknown;
    } catch (cause) {
      // The memory is in an unknown state: the next question gets a new one.
      this.policy = undefined;
      throw new PolicyEngineError(`the policy failed to answer ${entrypoint}`, { cause });
    }
  }

  private instantiate(): OpaWasm.LoadedPolicy {
    try {
      const policy = loadPolicySync(this.wasm, { initial: firstMemoryPages, maximum: greatestMemoryPages });
      policy.setData(this.data);
      return policy;
    } catch (cause) {
      throw new PolicyEngineError('the compiled policy cannot be loaded', { cause });
    }
  }
}

const encoder = new TextEncoder();

function encode(text: string): ArrayBuffer {
  const bytes = new Uint8Array(Buffer.byteLength(text));
  encoder.encodeInto(text, bytes);
  return bytes.buffer;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
