/**
 * Has onnxruntime keep FP16 tensors in `Uint16Array`, as their bits, on every line of Node.js.
 *
 * Where `Float16Array` exists (Node.js 24), onnxruntime-node 1.30 hands it to native code that does
 * not know it and takes the tensor for empty: "not enough space: expected 4, got 0". It looks once,
 * at its first tensor. Only for threads and processes that are the engine's own.
 */
export function keepHalvesAsBits(): void {
  Reflect.deleteProperty(globalThis, 'Float16Array');
}
