import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelFilePath } from '@manara/contract';
import { layOutExamples, ModelServer } from '../../support/model-server';
import { pythonWith } from '../../support/python';
import { layOutTestModels } from '../../support/test-models';
import { type Answer, askRest, GrpcAsker, type PlainOutput } from './ask';
import { differences } from './differences';
import { MlServer, mlserverRequirements } from './mlserver';
import { type DifferentialRequest, grpcMessage, invalidRequests, validRequests } from './requests';

const seed = Number(process.env.MANARA_SEED ?? '1');
const count = Number(process.env.MANARA_DIFFERENTIAL_REQUESTS ?? '100');

/** Both run onnxruntime, of different builds and in different batches. */
const tolerance = 1e-5;

const plainRoutes = [
  '/v2',
  '/v2/health/live',
  '/v2/health/ready',
  '/v2/models/fraud',
  '/v2/models/fraud/ready',
  '/v2/models/absent',
  '/v2/models/absent/ready',
  '/v2/absent',
];

describe('MLServer on the same models', function () {
  this.timeout(120_000);
  let ours: ModelServer;
  let theirs: MlServer;
  let repository: string;
  let grpc: { readonly ours: GrpcAsker; readonly theirs: GrpcAsker };

  before(async function () {
    this.timeout(0);
    const python = pythonWith(mlserverRequirements);
    if (python === undefined) return this.skip();
    repository = mkdtempSync(join(tmpdir(), 'manara-differential-'));
    const layOut = (folder: string): void => {
      layOutExamples(folder);
      layOutTestModels(folder);
    };
    layOut(repository);
    const identities = ['fp32', 'fp64', 'int64', 'int32', 'uint8', 'bool'];
    const names = ['add', ...identities.map((name) => `identity_${name}`)];
    const models = Object.fromEntries(
      [...names.map((name) => [name, 1] as const), ['fraud', 2] as const].map(([name, version]) => [
        name,
        join(repository, modelFilePath(name, version)),
      ]),
    );
    ours = await ModelServer.start({ layOut });
    theirs = await MlServer.start(python, models);
    grpc = { ours: new GrpcAsker(ours.grpc), theirs: new GrpcAsker(theirs.grpc) };
  });

  after(async () => {
    // What `before` skipped or failed to start is not there.
    for (const asker of Object.values((grpc as typeof grpc | undefined) ?? {})) asker.close();
    await (ours as ModelServer | undefined)?.stop();
    await (theirs as MlServer | undefined)?.stop();
    if ((repository as string | undefined) !== undefined) rmSync(repository, { recursive: true });
  });

  async function askBoth(
    protocol: 'REST' | 'gRPC',
    request: DifferentialRequest,
  ): Promise<readonly [Answer, Answer]> {
    if (protocol === 'gRPC') {
      const message = grpcMessage(request);
      return [await grpc.ours.ask(message), await grpc.theirs.ask(message)];
    }
    const body = JSON.stringify(request.body);
    const path = `/v2/models/${request.model}/infer`;
    return [await askRest(ours.http, path, body), await askRest(theirs.http, path, body)];
  }

  for (const protocol of ['REST', 'gRPC'] as const) {
    it(`answers ${count} requests over ${protocol} alike (seed ${seed})`, async () => {
      for (const request of validRequests(seed, count)) {
        const [a, b] = await askBoth(protocol, request);
        assert.deepEqual([a.verdict, b.verdict], ['answered', 'answered'], detail(a, b));
        assertClose(a.outputs, b.outputs, request.title);
      }
    });

    for (const request of invalidRequests) {
      if (protocol === 'gRPC' && request.restOnly === true) continue;
      const known = differences[`${protocol}: ${request.title}`];
      it(`${protocol}: ${request.title}${known === undefined ? '' : ` (${known.why})`}`, async () => {
        const [a, b] = await askBoth(protocol, request);
        const expected = known ?? { ours: 'refused', theirs: 'refused' };
        assert.deepEqual([a.verdict, b.verdict], [expected.ours, expected.theirs], detail(a, b));
      });
    }
  }

  for (const route of plainRoutes) {
    const known = differences[`GET ${route}`];
    it(`GET ${route}${known === undefined ? '' : ` (${known.why})`}`, async () => {
      const [a, b] = [await askRest(ours.http, route), await askRest(theirs.http, route)];
      const expected = known ?? { ours: b.verdict, theirs: b.verdict };
      assert.deepEqual([a.verdict, b.verdict], [expected.ours, expected.theirs], detail(a, b));
    });
  }

  it('every known difference differs, and is one of a request that is made', () => {
    const made = new Set([
      ...invalidRequests.flatMap(({ title, restOnly }) =>
        restOnly === true ? [`REST: ${title}`] : [`REST: ${title}`, `gRPC: ${title}`],
      ),
      ...plainRoutes.map((route) => `GET ${route}`),
    ]);
    for (const [title, { ours: a, theirs: b }] of Object.entries(differences)) {
      assert.notEqual(a, b, title);
      assert.ok(made.has(title), title);
    }
  });
});

function detail(ours: Answer, theirs: Answer): string {
  return `ours: ${ours.detail}\ntheirs: ${theirs.detail}`;
}

function assertClose(
  ours: readonly PlainOutput[],
  theirs: readonly PlainOutput[],
  title: string,
): void {
  const head = ({ name, datatype, shape }: PlainOutput): unknown => [name, datatype, shape];
  assert.deepEqual(ours.map(head), theirs.map(head), title);
  for (const [i, { data, name }] of ours.entries()) {
    const other = theirs[i]?.data ?? [];
    assert.equal(data.length, other.length, `${title}, ${name}`);
    for (const [n, value] of data.entries()) {
      const near = value === other[n] || Math.abs(Number(value) - Number(other[n])) <= tolerance;
      assert.ok(near, `${title}, ${name}[${n}]: ${String(value)} here, ${String(other[n])} there`);
    }
  }
}
