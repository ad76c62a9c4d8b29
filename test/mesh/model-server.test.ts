import assert from 'node:assert/strict';
import { documentReader, fraud } from '@manara/example-models';
import { modelServer } from '../bed/kubelet/model-server';
import type { KubernetesDocument } from '../support/documents';
import { eventually } from '../support/eventually';
import { synthesizedSites } from '../support/examples';
import { direct, floatsOf, realRequests } from '../support/inference';
import { plainGateway, routeTo } from './echo-documents';
import { useMesh } from './use-mesh';

const files = [fraud.versionFile(1), fraud.versionFile(2), documentReader.modelFile];

/** What the construct makes, scheduled, started and asked: the real server behind the real Envoy. */
describe('an endpoint of an example on the mesh', function () {
  this.timeout(180_000);
  const mesh = useMesh(this);
  const host = 'fraud.bank.test';

  before(async () => {
    const site = synthesizedSites().find(({ title }) => title === 'uae-bank/aws-me-central-1')!;
    const documents = site.documents.filter(isOfFraud);
    const namespace = documents.find(({ kind }) => kind === 'Deployment')!.metadata.namespace!;
    mesh().programs.add('manara-server', modelServer({ files }), namespace);
    await mesh().namespace(namespace);
    await mesh().apply([...documents, plainGateway(host), routeTo(host, 'fraud')], { namespace });
  });

  it('answers with its default version, as the engine does', async () => {
    const payment = Object.values(fraud.payments).slice(0, 1);
    const asked = {
      name: 'features',
      datatype: 'FP32',
      shape: [1, fraud.features.length],
      data: [...fraud.encode(payment)],
    };
    const body = JSON.stringify({ inputs: [asked], outputs: [{ name: 'probabilities' }] });
    const reply = await eventually(
      'an answer with status 200',
      async () => {
        const got = await mesh().gateway.ask({ host, path: '/v2/models/fraud/infer', body });
        return got.status === 200 && got;
      },
      { timeoutMillis: 120_000 },
    );
    const answer = JSON.parse(reply.body) as InferenceAnswer;
    const request = realRequests().find(({ title }) => title === 'fraud 2, 1 payments')!;
    const expected = (await direct(request)).find(({ name }) => name === 'probabilities')!;
    assert.equal(answer.model_version, '2');
    assert.deepEqual(Float32Array.from(answer.outputs[0]!.data), floatsOf(expected.hex));
  });
});

interface InferenceAnswer {
  readonly model_version: string;
  readonly outputs: readonly { readonly data: readonly number[] }[];
}

function isOfFraud({ kind, metadata }: KubernetesDocument): boolean {
  const kinds = ['ServiceAccount', 'Deployment', 'Service'];
  return kinds.includes(kind) && metadata.labels?.['app.kubernetes.io/name'] === 'fraud';
}
