import policyRuntime from '@open-policy-agent/opa-wasm';

/**
 * The builtins a compiled policy leaves to whoever runs it, by name.
 *
 * @param {Uint8Array} wasm
 * @returns {string[]}
 */
export function hostBuiltins(wasm) {
  const { wasmInstance, mem } = policyRuntime.loadPolicySync(wasm);
  const { builtins, opa_json_dump: dump } = wasmInstance.exports;
  const bytes = new Uint8Array(mem.buffer).subarray(dump(builtins()));
  return Object.keys(JSON.parse(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)))));
}
