import assert from 'node:assert/strict';
import { join } from 'node:path';
import { datatypes } from '@manara/contract';
import { ModelServer } from '../support/model-server';
import { pythonWith } from '../support/python';
import { layOutTestModels } from '../support/test-models';
import { clientsFolder, runClient } from './python-client';

/** What came back of each datatype, by the way that it went. */
type Matrix = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface TritonReport {
  readonly matrix: Matrix;
  readonly refusedInStream: { readonly error: string; readonly next: string };
  readonly statistics: Readonly<Record<'http' | 'grpc', Statistics>>;
  readonly repository: Readonly<Record<'http' | 'grpc', RepositoryReport>>;
}

interface RepositoryReport {
  readonly readyAfterUnload: boolean;
  readonly readyAfterLoad: boolean;
  readonly state: string;
  readonly absent: string;
  readonly override: string;
}

/** gRPC's 64-bit integers come as strings. */
interface Duration {
  readonly count: number | string;
  readonly ns: number | string;
}

interface Statistics {
  readonly inference_count: number | string;
  readonly execution_count: number | string;
  readonly inference_stats: Readonly<Record<string, Duration>>;
  readonly batch_stats: readonly {
    readonly batch_size: number | string;
    readonly compute_infer: Duration;
  }[];
}

const ways = {
  tritonclient: [
    'HTTP JSON',
    'HTTP binary',
    'HTTP binary, async',
    'HTTP binary, asyncio',
    'HTTP binary, gzip',
    'HTTP binary, deflate',
    'gRPC',
    'gRPC, async',
    'gRPC, asyncio',
    'gRPC, streaming',
  ],
  kserve: ['REST JSON', 'REST binary', 'gRPC'],
} as const;

/** What the clients themselves refuse, with their words. */
const clientLimits: Readonly<Record<string, RegExp>> = {
  'kserve REST JSON FP16': /^InvalidInput: Sending FP16 data via JSON is not supported/,
};

describe('every datatype through clients that we did not write', function () {
  this.timeout(120_000);
  let server: ModelServer;
  let triton: TritonReport;
  let matrices: Readonly<Record<keyof typeof ways, Matrix>>;

  before(async function () {
    this.timeout(0);
    const python = pythonWith(join(clientsFolder, 'requirements.txt'));
    if (python === undefined) return this.skip();
    server = await ModelServer.start({
      layOut: layOutTestModels,
      more: ['--model-control-mode', 'explicit', '--load-model', '*'],
    });
    triton = (await runClient(python, 'triton_matrix.py', server)) as TritonReport;
    const kserve = (await runClient(python, 'kserve_matrix.py', server)) as { matrix: Matrix };
    matrices = { tritonclient: triton.matrix, kserve: kserve.matrix };
  });

  after(async () => {
    await (server as ModelServer | undefined)?.stop();
  });

  for (const client of ['tritonclient', 'kserve'] as const) {
    for (const way of ways[client]) {
      for (const datatype of datatypes) {
        const limit = clientLimits[`${client} ${way} ${datatype}`];
        it(`${client}, ${way}: ${datatype}${limit === undefined ? '' : ', which it cannot'}`, () => {
          const result = matrices[client][way]?.[datatype] ?? assert.fail('not tried');
          if (limit === undefined) assert.equal(result, 'same');
          else assert.match(result, limit);
        });
      }
    }
  }

  it('a refused request leaves its stream open', () => {
    assert.match(triton.refusedInStream.error, /Model "absent" is not known/);
    assert.equal(triton.refusedInStream.next, 'same');
  });

  for (const protocol of ['http', 'grpc'] as const) {
    it(`statistics over ${protocol} count what was asked`, () => {
      const { inference_count, execution_count, inference_stats, batch_stats } =
        triton.statistics[protocol];
      const asked = ways.tritonclient.length;
      assert.deepEqual([inference_count, execution_count].map(Number), [asked, asked]);
      for (const name of ['success', 'queue', 'compute_infer']) {
        const { count, ns } = inference_stats[name] ?? assert.fail(name);
        assert.equal(Number(count), asked, name);
        assert.ok(Number(ns) > 0, name);
      }
      assert.equal(Number(inference_stats.fail?.count ?? 0), 0);
      assert.deepEqual(
        batch_stats.map(({ batch_size, compute_infer: { count } }) =>
          [batch_size, count].map(Number),
        ),
        [[1, asked]],
      );
    });

    it(`the repository extension over ${protocol}`, () => {
      const { absent, override, ...states } = triton.repository[protocol];
      assert.deepEqual(states, { readyAfterUnload: false, readyAfterLoad: true, state: 'READY' });
      assert.match(absent, /Model "absent" is not known/);
      assert.match(override, /Parameter "config" is not supported/);
    });
  }
});
