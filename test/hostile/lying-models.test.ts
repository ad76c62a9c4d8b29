import assert from 'node:assert/strict';
import { addConstant, addExternal, identity } from '@manara/runtime/build/test/support/models';
import { onnxFile } from '@manara/runtime/build/test/support/onnx';
import { Chance } from '../support/chance';
import { Neighbour, neighbourModel } from '../support/neighbour';
import { ServerUnderTest } from '../support/server-under-test';

/** Seconds of files that chance changed. */
const seconds = Number(process.env.MANARA_HOSTILE_SECONDS ?? 20);
const seed = Number(process.env.MANARA_SEED ?? 1);

const vector = { datatype: 'FP32', dims: ['n'] } as const;
const io = { inputs: [{ name: 'x', ...vector }], outputs: [{ name: 'y', ...vector }] };

/** Files that say one thing and hold another, none of which may come to serve. */
const lies: Readonly<Record<string, Uint8Array>> = {
  'nothing at all': new Uint8Array(0),
  text: Buffer.from('not a model\n'.repeat(100)),
  'half a file': addConstant(1).subarray(0, 60),
  'an operator that does not exist': onnxFile({
    ...io,
    nodes: [{ op: 'Nonsense', inputs: ['x'], outputs: ['y'] }],
  }),
  'an operator of garbage': onnxFile({
    ...io,
    nodes: [{ op: '\u0000\uffff'.repeat(1000), inputs: ['x'], outputs: ['y'] }],
  }),
  'an output that no node gives': onnxFile({
    ...io,
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['z'] }],
  }),
  'a graph that bites its tail': onnxFile({
    ...io,
    nodes: [
      { op: 'Add', inputs: ['x', 'b'], outputs: ['a'] },
      { op: 'Add', inputs: ['a', 'x'], outputs: ['b'] },
      { op: 'Identity', inputs: ['b'], outputs: ['y'] },
    ],
  }),
  'weights of another shape than they have': onnxFile({
    ...io,
    nodes: [{ op: 'Add', inputs: ['x', 'c'], outputs: ['y'] }],
    weights: [{ name: 'c', dims: [2 ** 40], data: Float32Array.of(1) }],
  }),
  'an output of another type': onnxFile({
    ...io,
    outputs: [{ name: 'y', datatype: 'INT64', dims: ['n'] }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  }),
  'weights in a file outside': addExternal('../../../../etc/passwd'),
};

describe('model files that lie', function () {
  this.timeout((seconds + 120) * 1000);
  let server: ServerUnderTest;
  let neighbour: Neighbour;

  before(async () => {
    server = await ServerUnderTest.start({
      models: { [neighbourModel.name]: neighbourModel.file },
      flags: ['--model-control-mode', 'explicit', '--load-model', neighbourModel.name],
    });
    neighbour = new Neighbour(server.httpPort, server.grpcPort);
    neighbour.start();
  });
  after(async () => {
    await neighbour.stop();
    assert.equal(await server.stop(), 0, server.stderr);
  });
  afterEach(() => {
    assert.ok(server.isAlive, server.ended);
    assert.deepEqual(neighbour.faults, []);
  });

  for (const [title, file] of Object.entries(lies)) {
    it(`refuses ${title}, and says why`, async () => {
      server.addModel('liar', file);
      const { status, error } = await control('liar', 'load');
      server.removeModel('liar');
      assert.equal(status, 400, error);
      assert.match(error, /^Model "liar" did not load: ./);
    });
  }

  it('lives with whatever chance makes of a model', async () => {
    const chance = new Chance(seed);
    const found = new Map<number, number>();
    const end = performance.now() + seconds * 1000;
    for (let i = 0; performance.now() < end; i++) {
      const name = `chance${i}`;
      const file = Buffer.from(chance.pick([addConstant(1), identity('INT64'), identity('FP16')]));
      server.addModel(name, chance.mutated(file));
      const { status } = await control(name, 'load');
      found.set(status, (found.get(status) ?? 0) + 1);
      if (status === 200) await control(name, 'unload');
      server.removeModel(name);
    }
    console.log(
      `      ${[...found].map(([status, count]) => `${count} answered ${status}`).join(', ')}`,
    );
    assert.deepEqual(
      [...found.keys()].filter((status) => status !== 200 && status !== 400),
      [],
    );
  });

  async function control(
    model: string,
    verb: 'load' | 'unload',
  ): Promise<{ readonly status: number; readonly error: string }> {
    const url = `http://${server.addresses.http}/v2/repository/models/${model}/${verb}`;
    const reply = await fetch(url, { method: 'POST' });
    const { error = '' } = (await reply.json()) as { error?: string };
    return { status: reply.status, error };
  }
});
