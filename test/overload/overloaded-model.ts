import { readFileSync } from 'node:fs';
import { slow } from '@manara/runtime/build/test/support/models';
import { benchModels } from '../bench/peers/bench-model';
import { openInference, postBytes } from '../bench/peers/requests';

/** A model that takes some 10 ms, and a request of it. */
export interface OverloadedModel {
  readonly name: string;
  readonly file: Uint8Array;
  /** Bytes of a whole request. */
  readonly request: (port: number) => Buffer;
}

/** MiniLM; where there is no Python that can build it, a chain of products of matrices. */
export function overloadedModel(): OverloadedModel {
  const minilm = benchModels()?.minilm;
  if (minilm !== undefined) {
    return {
      name: 'minilm',
      file: readFileSync(minilm.file),
      request: (port) => postBytes(openInference, minilm, port),
    };
  }
  console.error('not MiniLM, which takes Python to build, but products of matrices');
  const body = JSON.stringify({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [0.5] }],
  });
  return {
    name: 'products',
    file: slow(4),
    request: (port) =>
      Buffer.from(
        `POST /v2/models/products/infer HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ),
  };
}
