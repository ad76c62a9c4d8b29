import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  manifestFiles,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ServingEngine,
  TensorRt,
} from '@manara/constructs';
import { Duration } from 'cdk8s';
import { ControlPlane, controlPlaneBinaries } from '../bed/control-plane';
import { podOf, restrictedNamespace, serviceAccount } from '../cluster/pods';
import { type KubernetesDocument, nameOf, readDocuments } from '../support/documents';
import { missingFrom } from '../support/subset';
import { newSite, place, versionOf } from './engine-trees';

const signature = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 4] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 4] }],
} as const;
const folder = new ModelVersion(
  1,
  new ModelArtifact({
    bucket: new ModelBucket({ place, uri: 'pvc://model-store' }),
    key: 'assistant/1',
    format: 'safetensors',
    sha256: 'a'.repeat(64),
    sizeBytes: 16_000_000_000,
  }),
);
const onnx = versionOf('fraud', 1, signature);
const common = {
  standby: none('one site'),
  objective: { p99Latency: Duration.seconds(10), availabilityPercent: 99.9 },
  traffic: { peakRequestsPerSecond: 100 },
  callers: [Peer.namespace('apps')],
} as const;
const measured = { gpus: { count: 2 }, replicaRequestsPerSecond: 8 };

interface EngineCase {
  readonly engine: ServingEngine<typeof place>;
  readonly version: ModelVersion<typeof place>;
}

/** Engines whose objects are of Kubernetes' own kinds. */
const plain: Readonly<Record<string, EngineCase>> = {
  'Triton on CPUs': { engine: ServingEngine.triton(), version: onnx },
  'Triton on GPUs': {
    engine: ServingEngine.triton({
      gpus: { count: 2, nodeLabels: { 'nvidia.com/gpu.product': 'NVIDIA-L4' } },
      serviceTimeMicros: 900,
      largerBatch: { rows: 32, micros: 2400 },
      tensorRt: TensorRt.fp16(),
      responseCache: true,
      models: [
        { name: 'second', versions: [versionOf('second', 1, signature)], serviceTimeMicros: 500 },
      ],
      pipelines: [
        {
          name: 'both',
          inputs: ['a'],
          outputs: ['c'],
          steps: [
            { model: 'fraud', inputs: { x: 'a' }, outputs: { y: 'b' } },
            { model: 'second', inputs: { x: 'b' }, outputs: { y: 'c' } },
          ],
        },
      ],
    }),
    version: onnx,
  },
  'vLLM on one node': { engine: ServingEngine.vllm(measured), version: folder },
};

/** Engines whose objects are custom ones. */
const custom: Readonly<Record<string, EngineCase>> = {
  KServe: { engine: ServingEngine.kserve(), version: onnx },
  'vLLM over nodes': {
    engine: ServingEngine.vllm({
      ...measured,
      nodes: 2,
      routing: {
        picker: { service: 'picker', port: 9002, peer: Peer.namespace('bank') },
        gateway: {
          name: 'inference',
          namespace: 'gateways',
          host: 'llm.bank.example',
          peer: Peer.namespace('gateways'),
        },
      },
    }),
    version: folder,
  },
};

for (const [title, one] of Object.entries(plain)) onServer(title, one, () => []);
for (const [title, one] of Object.entries(custom)) onServer(title, one, definitions);

/**
 * Custom resource definitions of KServe, LeaderWorkerSet, InferencePool and HTTPRoute. No package publishes
 * those of the first three, and they are not ours to copy.
 */
function definitions(): readonly KubernetesDocument[] | undefined {
  const folder = process.env.MANARA_ENGINE_CRDS;
  if (folder !== undefined) return readDocuments(folder);
  console.error(
    'skip: MANARA_ENGINE_CRDS names no folder with the CRDs of KServe, LeaderWorkerSet, InferencePool and HTTPRoute',
  );
  return undefined;
}

function onServer(
  title: string,
  one: EngineCase,
  crds: () => readonly KubernetesDocument[] | undefined,
): void {
  describe(`${title} on a real API server`, function () {
    this.timeout(60_000);
    const documents = documentsOf(one);
    let plane: ControlPlane;

    before(async function () {
      this.timeout(0);
      const binaries = controlPlaneBinaries();
      const kinds = crds();
      if (binaries === undefined || kinds === undefined) return this.skip();
      plane = await ControlPlane.start(binaries);
      for (const kind of kinds) await plane.api.createStrict(kind);
      for (const document of documents) await served(plane, document);
    });

    after(async () => {
      await (plane as ControlPlane | undefined)?.stop();
    });

    it(`takes all ${documents.length} documents with strict validation, keeps every field, and warns of nothing`, async () => {
      for (const document of documents) {
        const { warnings } = await plane.api.createStrict(document);
        assert.deepEqual(warnings, [], nameOf(document));
        const stored = await plane.api.get(document);
        assert.deepEqual(missingFrom(stored, document), [], nameOf(document));
      }
    });

    it('admits its pods under Pod Security "restricted"', async () => {
      const namespace = 'pod-security';
      await plane.api.createStrict(restrictedNamespace(namespace));
      const pods = documents.flatMap((document) => podsOf(document, documents, namespace));
      assert.notEqual(pods.length, 0);
      for (const pod of pods) {
        const { serviceAccountName = 'default' } = pod.spec as { serviceAccountName?: string };
        await plane.api.applyStrict(serviceAccount(serviceAccountName, namespace));
        const { warnings } = await plane.api.createStrict(pod, { dryRun: true });
        assert.deepEqual(warnings, [], nameOf(pod));
      }
    });
  });
}

function documentsOf({ engine, version }: EngineCase): readonly KubernetesDocument[] {
  const { app, site } = newSite();
  const name = version === folder ? 'assistant' : 'fraud';
  new ModelEndpoint(site.zone, name, { ...common, versions: [version], engine, sites: [site] });
  return manifestFiles(app).flatMap(
    (file) => file.documents as unknown as readonly KubernetesDocument[],
  );
}

/** A kind is served some time after its definition has been created. */
async function served(
  { api }: ControlPlane,
  { apiVersion, kind }: KubernetesDocument,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    // Asked for anew each time: what was not there is remembered as such.
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : '/api/v1';
    const { status, body } = await api.request('GET', group);
    const list = body as { readonly resources?: readonly { readonly kind: string }[] };
    if (status === 200 && list.resources?.some((resource) => resource.kind === kind)) return;
    assert(attempt < 100, `the API server does not serve "${kind}" of ${apiVersion}`);
    await sleep(200);
  }
}

interface PodParts {
  readonly metadata?: object;
  readonly spec: object;
}

/** Pods that controllers would make of a document, custom ones included. */
function podsOf(
  document: KubernetesDocument,
  all: readonly KubernetesDocument[],
  namespace: string,
): readonly KubernetesDocument[] {
  const pod = (name: string, { metadata, spec }: PodParts): KubernetesDocument => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name, namespace },
    spec,
  });
  if (document.kind === 'LeaderWorkerSet') {
    const { leaderWorkerTemplate } = document.spec as {
      leaderWorkerTemplate: { leaderTemplate: PodParts; workerTemplate: PodParts };
    };
    const { leaderTemplate, workerTemplate } = leaderWorkerTemplate;
    return [pod('leader', leaderTemplate), pod('worker', workerTemplate)];
  }
  if (document.kind === 'InferenceService') {
    const runtime = all.find(({ kind }) => kind === 'ServingRuntime');
    return [pod('predictor', predictorPod(document, runtime ?? assert.fail('no runtime')))];
  }
  return [podOf(document, namespace) ?? []].flat();
}

/** KServe puts the runtime's containers into the predictor's pod, with its labels and annotations. */
function predictorPod(service: KubernetesDocument, runtime: KubernetesDocument): PodParts {
  const { predictor } = service.spec as { predictor: Readonly<Record<string, unknown>> };
  const { containers } = runtime.spec as { containers: unknown };
  const ofPod = [
    'automountServiceAccountToken',
    'initContainers',
    'securityContext',
    'serviceAccountName',
    'terminationGracePeriodSeconds',
    'topologySpreadConstraints',
    'volumes',
  ];
  const spec = Object.fromEntries(Object.entries(predictor).filter(([key]) => ofPod.includes(key)));
  const { labels, annotations } = predictor;
  return { metadata: { labels, annotations }, spec: { ...spec, containers } };
}
