import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { probe, type ProbeTask } from '../../src/engine/probe';
import { add, divide, identity, least, slow } from '../support/models';
import { onnxFile } from '../support/onnx';
import { childrenOf, runs } from '../support/process-table';
import { until } from '../support/until';
import { TemporaryRepository } from '../support/temporary';

describe('probe', () => {
  const repository = new TemporaryRepository();
  after(() => {
    repository.remove();
  });

  it("reports the model's signature with its symbols", async () => {
    const { signature } = await probe(repository.add('add', 1, add()));
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

  describe('on x86-64, which traps on some divisions', function () {
    before(function () {
      if (process.arch !== 'x64') this.skip();
    });

    it('survives a file that aborts native code', async () => {
      await assert.rejects(probe(repository.add('divide', 1, divide(least))), {
        message: 'the file makes the inference engine abort (SIGFPE)',
      });
    });

    it('finds integers that abort native code, though zeros do not', async () => {
      await assert.rejects(
        probe(repository.add('divide', 2, divide(0n))),
        /^Error: integers at the end of their range make the inference engine abort \(SIGFPE\)/,
      );
    });
  });

  it('gives up on a file that never loads', async () => {
    const script = repository.write('hang.js', "process.on('message', () => undefined)");
    await assert.rejects(probe('any', { script, timeoutSeconds: 0.2 }), {
      message: 'the probe was killed: it ran for 0.2 s, or memory ran out',
    });
  });

  it('serves a file whose last runs were too much, for it did run', async () => {
    const script = repository.write(
      'last.js',
      `process.on('message', () => {
        process.send({ stage: 'runs', signature: { inputs: [], outputs: [] } });
      });`,
    );
    assert.deepEqual(await probe('any', { script, timeoutSeconds: 1 }), {
      signature: { inputs: [], outputs: [] },
      traits: { keepsRowsApart: undefined, quickRows: 0, answersZeros: false },
    });
  });

  it('ends at once where the server is stopping', async () => {
    const file = repository.add('slow', 1, slow(2000));
    const stop = new AbortController();
    // Tests of other packages leave children of their own in this process.
    const before = childrenOf(process.pid);
    const probes = () => childrenOf(process.pid).filter((child) => !before.includes(child));
    const refused = assert.rejects(probe(file, { signal: stop.signal }), {
      message: 'the server is stopping',
    });
    await until(() => probes().length > 0);
    const children = probes();
    stop.abort();
    await refused;
    await until(() => !children.some(runs));
    await assert.rejects(probe(file, { signal: stop.signal }), /the server is stopping/);
  });

  it('ends by itself when its time is over, though native code runs', async () => {
    const file = repository.add('slow', 2, slow(2000));
    const script = join(__dirname, '..', '..', 'src', 'engine', 'probe-child.js');
    const child = fork(script, { serialization: 'advanced' });
    child.send({ file, timeoutSeconds: 0.5 } satisfies ProbeTask);
    assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL']);
  });

  it('says so where the probe itself fails', async () => {
    const script = repository.write('exit.js', 'process.exit(3)');
    await assert.rejects(probe('any', { script }), {
      message: 'the probe ended with exit code 3 before it could report',
    });
  });
});
