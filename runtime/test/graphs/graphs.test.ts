import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeOptions } from '../../src/engine/probe';
import { Scheduler } from '../../src/engine/scheduler';
import { GraphFolder } from '../../src/graphs/graph-folder';
import { type GraphSubject, OptimizedGraphs, type ProbedWithGraph } from '../../src/graphs/graphs';
import type { Tensor } from '../../src/protocol/tensor';
import { ServerLog } from '../../src/telemetry/logger';
import { postJson } from '../support/http-client';
import { addConstant, noise, perceptron } from '../support/models';
import { onnxFile } from '../support/onnx';
import { startTestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

/** A run that nobody expects to fail. */
function onWorkerLost(error: Error): void {
  throw error;
}

/** A convolution, whose weights the engine lays out for the processor. */
function convolution(): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'x', datatype: 'FP32', dims: [1, 16, 12, 12] }],
    outputs: [{ name: 'y', datatype: 'FP32', dims: [1, 32, 10, 10] }],
    nodes: [
      { op: 'Conv', inputs: ['x', 'w', 'b'], outputs: ['c'] },
      { op: 'Relu', inputs: ['c'], outputs: ['y'] },
    ],
    weights: [
      { name: 'w', dims: [32, 16, 3, 3], data: noise(32 * 16 * 9, 3) },
      { name: 'b', dims: [32], data: noise(32, 4) },
    ],
  });
}

/** Weights of an old file stand among its inputs. The engine shares equal ones, and leaves one's input behind. */
function sharedWeights(): Uint8Array {
  const data = BigInt64Array.of(2n);
  return onnxFile({
    irVersion: 3,
    inputs: [
      { name: 'x', datatype: 'FP32', dims: [2] },
      { name: 'one', datatype: 'INT64', dims: [1] },
      { name: 'two', datatype: 'INT64', dims: [1] },
    ],
    outputs: [{ name: 'y', datatype: 'FP32', dims: [2] }],
    nodes: [
      { op: 'ConstantOfShape', inputs: ['one'], outputs: ['c'] },
      { op: 'ConstantOfShape', inputs: ['two'], outputs: ['d'] },
      { op: 'Sub', inputs: ['c', 'x'], outputs: ['e'] },
      { op: 'Mul', inputs: ['e', 'd'], outputs: ['y'] },
    ],
    weights: [
      { name: 'one', dims: [1], data },
      { name: 'two', dims: [1], data },
    ],
  });
}

describe('OptimizedGraphs', () => {
  const files = new TemporaryRepository();
  let logs: Record<string, unknown>[] = [];
  let folder = '';

  beforeEach(() => {
    logs = [];
    folder = join(files.folder, `graphs-${Math.random()}`);
  });
  after(() => {
    files.remove();
  });

  function probe(
    file: string,
    subject: Partial<GraphSubject> = {},
    options: ProbeOptions = {},
  ): Promise<ProbedWithGraph> {
    const log = new ServerLog('info', {
      write: (line: string) => logs.push(JSON.parse(line) as Record<string, unknown>),
    });
    const graphs = new OptimizedGraphs(new GraphFolder(folder, 2 ** 30), log);
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    const isUnchanged = (): Promise<boolean> => Promise.resolve(true);
    return graphs.probe({ model: 'm', version: 1, file, sha256, isUnchanged, ...subject }, options);
  }

  function ignored(): readonly unknown[] {
    return logs.filter(({ event }) => event === 'graph_ignored').map(({ error }) => error);
  }

  it('optimizes a model once, for every later start', async () => {
    const file = files.write('once.onnx', perceptron());
    const first = await probe(file);
    assert.ok(first.graph !== undefined);
    assert.deepEqual(await probe(file), first);
    assert.deepEqual(readdirSync(folder), [first.graph.slice(folder.length + 1)]);
    assert.deepEqual(logs, []);
  });

  it('finds out as much of a model as without, by operators that only the engine has', async () => {
    const { probed, graph } = await probe(files.write('same.onnx', perceptron()));
    assert.match(readFileSync(graph ?? '', 'latin1'), /FusedGemm/);
    assert.equal(probed.traits.keepsRowsApart, true);
    assert.ok(probed.traits.quickRows > 0, 'a small model may run on the I/O thread');
  });

  for (const [name, model, dims] of [
    ['a perceptron', perceptron(), [7, 20]],
    ['a convolution', convolution(), [1, 16, 12, 12]],
  ] as const) {
    it(`answers the same to the bit with ${name}`, async () => {
      const file = files.write('bits.onnx', model);
      const { graph } = await probe(file);
      assert.ok(graph !== undefined);
      const count = dims.reduce((product: number, size) => product * size, 1);
      const answers = [];
      for (const own of [undefined, graph]) {
        const scheduler = new Scheduler({
          workers: 1,
          intraOpThreads: 1,
          onWorkerLost,
        });
        await scheduler.admit('m', file, { graph: own });
        const x: Tensor = { name: 'x', datatype: 'FP32', shape: dims, data: noise(count, 9) };
        answers.push((await scheduler.run('m', [x], ['y'])).outputs);
        await scheduler.close();
      }
      assert.deepEqual(answers[0], answers[1]);
    });
  }

  it('loads the file itself where the graph is gone by then', async () => {
    const file = files.write('gone.onnx', addConstant(1));
    const scheduler = new Scheduler({ workers: 1, intraOpThreads: 1, onWorkerLost });
    await scheduler.admit('m', file, { graph: join(folder, 'gone.onnx'), inlineRows: 1 });
    const x: Tensor = { name: 'x', datatype: 'FP32', shape: [1], data: Float32Array.of(1) };
    const { outputs } = await scheduler.run('m', [x], ['y']);
    assert.deepEqual(outputs[0]?.data, Float32Array.of(2));
    await scheduler.close();
  });

  it('ignores a graph that is damaged, and makes it anew at the next start', async () => {
    const file = files.write('damaged.onnx', addConstant(1));
    const { graph = '' } = await probe(file);
    writeFileSync(graph, 'torn');
    assert.equal((await probe(file)).graph, undefined);
    assert.deepEqual(ignored(), ['the graph that was kept is damaged']);
    assert.equal((await probe(file)).graph, graph);
    assert.equal(ignored().length, 1);
  });

  it('removes a graph that does not run though its digest is right', async () => {
    const file = files.write('foreign.onnx', addConstant(1));
    const { graph = '' } = await probe(file);
    const foreign = graph.replace(
      /-[0-9a-f]{64}/,
      `-${createHash('sha256').update('not a graph').digest('hex')}`,
    );
    renameSync(graph, foreign);
    writeFileSync(foreign, 'not a graph');
    const { graph: none, probed } = await probe(file);
    assert.equal(none, undefined);
    assert.equal(probed.signature.inputs[0]?.name, 'x');
    assert.equal(ignored().length, 1);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('serves without a folder that it may write to', async () => {
    folder = files.write('taken', 'a file');
    const { graph } = await probe(files.write('unwritable.onnx', addConstant(1)));
    assert.equal(graph, undefined);
    assert.match(String(ignored()[0]), /^(EEXIST|ENOTDIR)/);
  });

  it('keeps no graph that is not the equal of its model', async () => {
    const { graph, probed } = await probe(files.write('shared.onnx', sharedWeights()));
    assert.deepEqual(
      probed.signature.inputs.map(({ name }) => name),
      ['x'],
    );
    assert.equal(graph, undefined);
    assert.deepEqual(ignored(), [
      'the optimized graph that the engine wrote takes, gives or answers something else than the model',
    ]);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('keeps no graph of a file that was changed under its digest', async () => {
    const file = files.write('changed.onnx', addConstant(1));
    await probe(file, { isUnchanged: () => Promise.resolve(false) });
    assert.deepEqual(ignored(), ['the file was changed meanwhile']);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('refuses a file that is no model, with its own fault and no event', async () => {
    await assert.rejects(probe(files.write('bad.onnx', 'not a model')), /not an ONNX model/);
    assert.deepEqual(logs, []);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('does not blame the graph where the server stops', async () => {
    const file = files.write('stopped.onnx', addConstant(1));
    const { graph = '' } = await probe(file);
    await assert.rejects(probe(file, {}, { signal: AbortSignal.abort() }));
    assert.deepEqual(logs, []);
    assert.deepEqual(readdirSync(folder), [graph.slice(folder.length + 1)]);
  });

  it('serves what the folder holds', async () => {
    const models = new TemporaryRepository();
    const file = models.add('m', 1, addConstant(1));
    const two = await probe(files.write('two.onnx', addConstant(2)));
    const one = await probe(file);
    // In one's place, under two's right digest: only its answer tells which one is loaded.
    const bytes = readFileSync(two.graph ?? '');
    const name = (one.graph ?? '').replace(
      /-[0-9a-f]{64}/,
      `-${createHash('sha256').update(bytes).digest('hex')}`,
    );
    mkdirSync(join(folder, 'swapped'));
    const swapped = join(folder, 'swapped', name.slice(folder.length + 1));
    writeFileSync(swapped, bytes);
    const { server, url } = await startTestServer(models.folder, {
      graphs: { folder: join(folder, 'swapped') },
    });
    const { body } = await postJson(`${url}/v2/models/m/infer`, {
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }],
    });
    await server.close();
    models.remove();
    assert.deepEqual((body.outputs as { data: number[] }[])[0]?.data, [3]);
  });
});
