import assert from 'node:assert/strict';
import { InferenceSession } from 'onnxruntime-node';
import { sessionOptions, signatureOf } from '../../src/engine/ort-types';
import { onnxFile } from '../support/onnx';

describe('signatureOf', () => {
  async function signatureWith(input: string, output: string): Promise<unknown> {
    const file = onnxFile({
      inputs: [{ name: input, datatype: 'FP32', dims: ['n', 2] }],
      outputs: [{ name: output, datatype: 'FP32', dims: ['n', 2] }],
      nodes: [{ op: 'Identity', inputs: [input], outputs: [output] }],
    });
    return signatureOf(await InferenceSession.create(file, sessionOptions(1)));
  }

  it('tells the tensors of a session, with the names of their dimensions', async () => {
    const tensor = { datatype: 'FP32', shape: [-1, 2], symbols: ['n', undefined] };
    assert.deepEqual(await signatureWith('constructor', 'y'), {
      inputs: [{ name: 'constructor', ...tensor }],
      outputs: [{ name: 'y', ...tensor }],
    });
  });

  it('refuses a name that the engine would lose', async () => {
    await assert.rejects(
      signatureWith('__proto__', 'y'),
      /^Error: input "__proto__" cannot be served/,
    );
    await assert.rejects(signatureWith('x', '__proto__'), /^Error: output "__proto__" cannot be/);
  });
});
