import assert from 'node:assert/strict';
import { join } from 'node:path';
import { extensions, onnxPlatform } from '@manara/contract';
import { direct, realRequests, type HexTensor } from '../support/inference';
import { ModelServer } from '../support/model-server';
import { pythonWith } from '../support/python';
import { assertSameTensors } from '../support/same-tensors';
import { clientsFolder, runClient } from './python-client';

const requests = realRequests();
/** KServe's clients cannot name a version. */
const latest: Readonly<Record<string, string>> = { fraud: '2', 'document-reader': '1' };

/** What `triton.py` prints. gRPC's 64-bit integers come as strings, and its defaults not at all. */
interface TritonReport {
  readonly http: Inspection;
  readonly grpc: Inspection;
  /** `null` where the server answered what it should have refused. */
  readonly refusals: Readonly<Record<'http' | 'grpc', Refusal | null>>;
  readonly answers: Readonly<Record<string, readonly (readonly HexTensor[])[]>>;
}

interface Refusal {
  readonly status: string;
  readonly message: string;
}

interface Inspection {
  readonly live: boolean;
  readonly ready: boolean;
  readonly modelReady: boolean;
  readonly absentModelReady: boolean;
  readonly server: { readonly name: string; readonly extensions: readonly string[] };
  readonly metadata: {
    readonly name: string;
    readonly versions: readonly string[];
    readonly platform: string;
    readonly inputs: readonly TensorMetadata[];
    readonly outputs: readonly TensorMetadata[];
  };
  readonly config: { readonly name?: string; readonly config?: { readonly name: string } };
  readonly index: readonly IndexEntry[] | { readonly models: readonly IndexEntry[] };
  readonly statistics: {
    readonly model_stats: readonly { readonly name: string; readonly version: string }[];
  };
}

interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly (number | string)[];
}

interface IndexEntry {
  readonly name: string;
  readonly version: string;
  readonly state: string;
}

/** What `kserve_client.py` prints, by protocol. */
type KServeReport = Readonly<
  Record<
    string,
    {
      readonly live: boolean;
      readonly ready: boolean;
      readonly modelReady: boolean;
      readonly absentModelReady?: boolean;
      readonly answers: readonly (readonly HexTensor[])[];
    }
  >
>;

describe('clients that we did not write', function () {
  this.timeout(120_000);
  let server: ModelServer;
  let triton: TritonReport;
  let kserve: KServeReport;

  before(async function () {
    this.timeout(0);
    const python = pythonWith(join(clientsFolder, 'requirements.txt'));
    if (python === undefined) return this.skip();
    server = await ModelServer.start();
    triton = (await runClient(python, 'triton.py', server)) as TritonReport;
    kserve = (await runClient(python, 'kserve_client.py', server)) as KServeReport;
  });

  after(async () => {
    await (server as ModelServer | undefined)?.stop();
  });

  for (const protocol of ['http', 'grpc'] as const) {
    describe(`tritonclient.${protocol}`, () => {
      it('finds the server live, and a model ready only if it is there', () => {
        const { live, ready, modelReady, absentModelReady } = triton[protocol];
        assert.deepEqual([live, ready, modelReady, absentModelReady], [true, true, true, false]);
      });

      it('reads the server, the model and its configuration', () => {
        const { server: metadata, metadata: model, config } = triton[protocol];
        assert.deepEqual(metadata.extensions, extensions);
        assert.equal(model.name, 'fraud');
        assert.equal(model.platform, onnxPlatform);
        assert.deepEqual(model.inputs.map(plain), [['features', 'FP32', [-1, 20]]]);
        assert.deepEqual(model.outputs.map(plain), [
          ['label', 'INT64', [-1]],
          ['probabilities', 'FP32', [-1, 2]],
        ]);
        assert.equal((config.config ?? config).name, 'fraud');
      });

      it('lists the repository', () => {
        const { index } = triton[protocol];
        const models = 'models' in index ? index.models : index;
        assert.deepEqual(
          models.map(({ name, version, state }) => `${name} ${version} ${state}`).sort(),
          ['document-reader 1 READY', 'fraud 1 READY', 'fraud 2 READY'],
        );
      });

      it('reads statistics', () => {
        const [first] = triton[protocol].statistics.model_stats;
        assert.deepEqual([first?.name, first?.version], ['fraud', '1']);
      });

      it('shows why a request was refused', () => {
        const refusal = triton.refusals[protocol] ?? assert.fail('it was answered');
        assert.equal(
          refusal.status,
          { http: '400', grpc: 'StatusCode.INVALID_ARGUMENT' }[protocol],
        );
        assert.match(refusal.message, /features.*\[1,\s*1\].*\[-1,\s*20\]/);
      });
    });
  }

  for (const protocol of ['HTTP JSON', 'HTTP binary', 'gRPC']) {
    for (const [index, request] of requests.entries()) {
      it(`tritonclient infers ${request.title} over ${protocol}, to the bit`, async () => {
        assertSameTensors(triton.answers[protocol]?.[index], await direct(request));
      });
    }
  }

  for (const protocol of ['REST JSON', 'REST binary', 'gRPC']) {
    describe(`kserve over ${protocol}`, () => {
      it('finds the server live and the model ready', () => {
        const report = kserve[protocol];
        assert.deepEqual([report?.live, report?.ready, report?.modelReady], [true, true, true]);
        if (protocol !== 'gRPC') assert.equal(report?.absentModelReady, false);
      });

      for (const [index, request] of requests.entries()) {
        if (request.version !== latest[request.model]) continue;
        it(`infers ${request.title}, to the bit`, async () => {
          assertSameTensors(kserve[protocol]?.answers[index], await direct(request));
        });
      }
    });
  }
});

function plain({ name, datatype, shape }: TensorMetadata): unknown {
  return [name, datatype, shape.map(Number)];
}
