import assert from 'node:assert/strict';
import { probe } from '../../src/engine/probe';
import { onnxFile } from '../support/onnx';
import { add, identity } from '../support/models';
import { TemporaryRepository } from '../support/temporary';

describe('probe', () => {
  const repository = new TemporaryRepository();
  after(() => {
    repository.remove();
  });

  it("reports the model's signature with its symbols", async () => {
    const signature = await probe(repository.add('add', 1, add()));
    assert.deepEqual(signature.inputs, [
      { name: 'a', datatype: 'FP32', shape: [-1, 2], symbols: ['n', undefined] },
      { name: 'b', datatype: 'FP32', shape: [-1, 2], symbols: ['n', undefined] },
    ]);
    assert.deepEqual(
      signature.outputs.map(({ name }) => name),
      ['sum', 'copy'],
    );
  });

  it('refuses garbage and a truncated file', async () => {
    await assert.rejects(probe(repository.add('bad', 1, 'not a model')), /protobuf|parse|INVALID/i);
    const whole = identity('FP32');
    const cut = whole.subarray(0, whole.length - 20);
    await assert.rejects(probe(repository.add('bad', 2, cut)), Error);
    await assert.rejects(probe(repository.add('bad', 3, '')), Error);
  });

  it('refuses an operator that the engine does not have', async () => {
    const file = onnxFile({
      inputs: [{ name: 'x', datatype: 'FP32', dims: [1] }],
      outputs: [{ name: 'y', datatype: 'FP32', dims: [1] }],
      nodes: [{ op: 'NoSuchOperator', inputs: ['x'], outputs: ['y'] }],
    });
    await assert.rejects(probe(repository.add('bad', 4, file)), /NoSuchOperator/);
  });

  it('survives a file that aborts native code', async () => {
    const script = repository.write('abort.js', "process.once('message', () => process.abort())");
    await assert.rejects(probe('any', { script }), {
      message: 'the file makes the inference engine abort (SIGABRT)',
    });
  });

  it('gives up on a file that never loads', async () => {
    const script = repository.write('hang.js', "process.on('message', () => undefined)");
    await assert.rejects(probe('any', { script, timeoutSeconds: 0.2 }), {
      message: 'the probe was killed: it ran for 0.2 s, or memory ran out',
    });
  });

  it('says so where the probe itself fails', async () => {
    const script = repository.write('exit.js', 'process.exit(3)');
    await assert.rejects(probe('any', { script }), {
      message: 'the probe ended with exit code 3 before it could report',
    });
  });
});
