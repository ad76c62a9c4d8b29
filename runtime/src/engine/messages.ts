import type { Tensor } from '../protocol/tensor';
import type { Batch, BatchResult } from './run-batch';
import type { ModelSource } from './session';

/** What the I/O thread asks of an inference thread; one at a time. */
export type WorkerRequest =
  | { readonly kind: 'load'; readonly key: string; readonly source: ModelSource }
  | { readonly kind: 'unload'; readonly key: string }
  | { readonly kind: 'run'; readonly key: string; readonly batch: Batch }
  | { readonly kind: 'close' };

export type WorkerReply =
  | { readonly ok: true; readonly result: BatchResult | undefined }
  | { readonly ok: false; readonly error: string };

/** What an inference thread is started with. */
export interface WorkerSettings {
  readonly intraOpThreads: number;
}

/** Buffers of tensors that may change threads without a copy. */
export function transferable(tensors: readonly Tensor[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of tensors) {
    if (!Array.isArray(data) && data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
  }
  return [...buffers];
}
