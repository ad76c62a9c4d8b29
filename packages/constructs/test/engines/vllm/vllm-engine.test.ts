import assert from 'node:assert/strict';
import { App, Duration, Size } from 'cdk8s';
import {
  Autoscaling,
  manifestFiles,
  MetricSink,
  ModelVersion,
  none,
  Peer,
  ScalingMetric,
  ServiceMesh,
  ServingEngine,
  TraceSink,
  type VllmEngineOptions,
} from '../../../src';
import { auditZone } from '../../../src/flows/zone-audit';
import { refuses } from '../../support/errors';
import {
  newArtifact,
  newEndpoint,
  newSite,
  newZone,
  sha256,
  untyped,
} from '../../support/fixtures';
import { at, type Document, documentOf } from '../../support/manifests';
import { watchedSite } from '../../observability/support';

const metrics = new MetricSink({
  place: 'aws:me-central-1',
  uri: 'https://metrics.bank.example',
  scrapedBy: Peer.namespace('monitoring'),
});
const artifact = newArtifact({
  key: 'assistant/1',
  format: 'safetensors',
  sizeBytes: 140_000_000_000,
});
const measured = { gpus: { count: 4 }, replicaRequestsPerSecond: 8 } as const;
const groups = { ...measured, gpus: { count: 8 }, nodes: 2 } as const;
const picker = { service: 'picker', port: 9002, peer: Peer.pods('bank', { app: 'picker' }) };
const gateway = {
  name: 'inference',
  namespace: 'gateways',
  host: 'llm.bank.example',
  peer: Peer.namespace('gateways'),
};

interface Case {
  readonly options?: Partial<VllmEngineOptions>;
  readonly endpoint?: Parameters<typeof newEndpoint>[1];
  readonly site?: Parameters<typeof newSite>[2];
}

function vllm({ options = {}, endpoint = {}, site = {} }: Case = {}): {
  readonly app: App;
  readonly endpoint: ReturnType<typeof newEndpoint>;
} {
  const app = new App();
  const made = newEndpoint(
    newSite(newZone(app), 'dubai', { metrics, ...site }),
    {
      versions: [new ModelVersion(1, artifact)],
      engine: ServingEngine.vllm({ ...measured, ...options }),
      objective: { p99Latency: Duration.seconds(20), availabilityPercent: 99 },
      traffic: { peakRequestsPerSecond: 20 },
      ...endpoint,
    },
    'assistant',
  );
  return { app, endpoint: made };
}

function documentsOf(one: Case = {}): readonly Document[] {
  return manifestFiles(vllm(one).app)
    .filter(({ name }) => name === 'assistant.yaml')
    .flatMap(({ documents }) => documents);
}

function podOf(one: Case = {}): unknown {
  return at(documentOf(vllm(one).app, 'Deployment', 'assistant'), 'spec', 'template', 'spec');
}

function argsOf(pod: unknown): readonly string[] {
  return at(pod, 'containers', 0, 'args') as string[];
}

describe('vLLM on one node', () => {
  it('serves the folder of the claim under the endpoint’s name, over all GPUs of the pod', () => {
    const pod = podOf({ options: { maxModelLength: 8192 } });
    assert.deepEqual(at(pod, 'containers', 0, 'command'), ['vllm', 'serve']);
    assert.deepEqual(argsOf(pod), [
      '/mnt/claims/model-store/assistant/1',
      '--served-model-name=assistant',
      '--host=0.0.0.0',
      '--port=8000',
      '--load-format=safetensors',
      '--tensor-parallel-size=4',
      '--pipeline-parallel-size=1',
      '--max-model-len=8192',
    ]);
    assert.equal(at(pod, 'containers', 0, 'resources', 'limits', 'nvidia.com/gpu'), 4);
  });

  it('tells nobody, and asks no hub', () => {
    const env = at(podOf(), 'containers', 0, 'env') as { name: string; value?: string }[];
    const said = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    assert.deepEqual(
      [
        said.VLLM_NO_USAGE_STATS,
        said.DO_NOT_TRACK,
        said.HF_HUB_OFFLINE,
        said.HF_HUB_DISABLE_TELEMETRY,
      ],
      ['1', '1', '1', '1'],
    );
    const traces = new TraceSink({
      place: 'aws:me-central-1',
      uri: 'https://otel.bank.example',
      peer: Peer.namespace('monitoring'),
    });
    const policy = documentOf(vllm({ site: { traces } }).app, 'NetworkPolicy', 'assistant');
    assert.deepEqual(at(policy, 'spec', 'policyTypes'), ['Ingress', 'Egress']);
    assert.equal(at(policy, 'spec', 'egress'), undefined);
  });

  it('checks every file of the folder before it reads one', () => {
    const check = at(podOf(), 'initContainers', 0);
    assert.deepEqual(at(check, 'args'), ['check', '/mnt/claims/model-store/assistant/1', sha256]);
    assert.match(String(at(check, 'command', 2)), /sha256sum --check --strict --quiet SHA256SUMS/);
    assert.equal(at(check, 'volumeMounts', 0, 'readOnly'), true);
  });

  it('scales by the requests in its hands', () => {
    const { app, endpoint } = vllm();
    const spec = at(documentOf(app, 'HorizontalPodAutoscaler', 'assistant'), 'spec');
    assert.deepEqual(at(spec, 'scaleTargetRef'), {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'assistant',
    });
    // 20 a second at 70 % of 8 each.
    assert.equal(endpoint.workloads[0]?.plan.peakReplicas, 4);
    assert.equal(at(spec, 'maxReplicas'), 8);
    assert.equal(
      at(spec, 'metrics', 0, 'pods', 'metric', 'name'),
      'manara_vllm_requests_in_flight',
    );
    // Half of the objective, ten seconds, has 80 of 8 a second come; less while new pods are far.
    const average = String(at(spec, 'metrics', 0, 'pods', 'target', 'averageValue'));
    assert.match(average, /^\d+m$/);
    assert(Number.parseInt(average) <= 56_000);
    for (const on of [ScalingMetric.gpu(), ScalingMetric.cpu()] as const) {
      refuses(
        () => vllm({ endpoint: { autoscaling: Autoscaling.hpa({ on: [on] }) } }),
        'MANARA_SCALING',
        'a GPU that one request keeps busy already',
      );
    }
  });

  it('is asked by its own metrics', () => {
    const autoscaling = Autoscaling.keda({
      on: [ScalingMetric.inFlight(), ScalingMetric.requestRate()],
    });
    const { app } = vllm({ endpoint: { autoscaling } });
    const triggers = at(documentOf(app, 'ScaledObject', 'assistant'), 'spec', 'triggers');
    const selector = '{namespace="bank",model_name="assistant"}';
    assert.deepEqual(
      (triggers as unknown[]).map((trigger) => at(trigger, 'metadata', 'query')),
      [
        `sum(avg_over_time(vllm:num_requests_running${selector}[1m])) + sum(avg_over_time(vllm:num_requests_waiting${selector}[1m]))`,
        `sum(rate(vllm:request_success_total${selector}[1m]))`,
      ],
    );
  });

  it('is scraped at its only port where it is watched', () => {
    const app = new App();
    newEndpoint(watchedSite({}, {}, app), {
      versions: [new ModelVersion(1, artifact)],
      engine: ServingEngine.vllm(measured),
      objective: { p99Latency: Duration.seconds(20), availabilityPercent: 99 },
    });
    const monitor = documentOf(app, 'PodMonitor', 'fraud');
    assert.equal(at(monitor, 'spec', 'podMetricsEndpoints', 0, 'port'), 'http');
  });

  it('passes the audit', () => {
    for (const options of [{}, groups, { routing: { picker, gateway } }]) {
      assert.deepEqual(auditZone(vllm({ options }).endpoint.zone).violations, []);
    }
  });
});

describe('vLLM over nodes', () => {
  const set = (): Document =>
    documentOf(vllm({ options: groups }).app, 'LeaderWorkerSet', 'assistant-group');

  it('is a group of pods, tensors within each and layers over them', () => {
    const template = at(set(), 'spec', 'leaderWorkerTemplate');
    assert.equal(at(template, 'size'), 2);
    const [leader, worker] = ['leaderTemplate', 'workerTemplate'].map((name) =>
      argsOf(at(template, name, 'spec')),
    );
    const shared = [
      '--tensor-parallel-size=8',
      '--pipeline-parallel-size=2',
      '--distributed-executor-backend=mp',
      '--nnodes=2',
      '--node-rank=$(LWS_WORKER_INDEX)',
      '--master-addr=$(LWS_LEADER_ADDRESS)',
    ];
    assert.deepEqual(leader?.slice(-6), shared);
    assert.deepEqual(worker?.slice(-7), [...shared, '--headless']);
    assert.equal(
      at(template, 'workerTemplate', 'spec', 'containers', 0, 'readinessProbe'),
      undefined,
    );
    assert.equal(
      at(template, 'leaderTemplate', 'spec', 'containers', 0, 'readinessProbe', 'httpGet', 'path'),
      '/health',
    );
  });

  it('is reached at its leaders alone, and its pods reach each other', () => {
    const { app } = vllm({ options: groups });
    const leader = { 'manara.dev/rank': 'leader' };
    const selector = at(documentOf(app, 'Service', 'assistant'), 'spec', 'selector');
    assert.equal(at(selector, 'manara.dev/rank'), leader['manara.dev/rank']);
    const policy = documentOf(app, 'NetworkPolicy', 'assistant');
    const own = { podSelector: at(policy, 'spec', 'podSelector') };
    assert.deepEqual(at(policy, 'spec', 'ingress', 1), { from: [own] });
    assert.deepEqual(at(policy, 'spec', 'egress', 0), { to: [own] });
    assert.equal(at(policy, 'spec', 'egress', 1, 'ports', 0, 'port'), 53);
    const target = at(
      documentOf(app, 'HorizontalPodAutoscaler', 'assistant'),
      'spec',
      'scaleTargetRef',
    );
    assert.equal(at(target, 'kind'), 'LeaderWorkerSet');
  });
});

describe('vLLM: routing', () => {
  it('gives the pool its pods and its picker, and the gateway the API’s routes alone', () => {
    const { app } = vllm({ options: { routing: { picker, gateway } } });
    const pool = at(documentOf(app, 'InferencePool', 'assistant'), 'spec');
    assert.deepEqual(at(pool, 'targetPorts'), [{ number: 8000 }]);
    assert.deepEqual(at(pool, 'endpointPickerRef'), {
      name: 'picker',
      port: { number: 9002 },
      failureMode: 'FailOpen',
    });
    const route = at(documentOf(app, 'HTTPRoute', 'assistant'), 'spec');
    assert.deepEqual(at(route, 'hostnames'), ['llm.bank.example']);
    const matches = at(route, 'rules', 0, 'matches') as { path: { type: string; value: string } }[];
    assert(matches.every(({ path }) => path.type === 'Exact' && path.value.startsWith('/v1/')));
    const from = at(documentOf(app, 'NetworkPolicy', 'assistant'), 'spec', 'ingress', 0, 'from');
    assert.equal((from as unknown[]).length, 2);
  });

  it('is none unless it is asked for', () => {
    const kinds = documentsOf().map(({ kind }) => kind);
    assert.deepEqual(kinds, [
      'ServiceAccount',
      'Deployment',
      'Service',
      'HorizontalPodAutoscaler',
      'PodDisruptionBudget',
      'NetworkPolicy',
    ]);
    const pool = documentsOf({ options: { routing: { picker } } }).map(({ kind }) => kind);
    assert(pool.includes('InferencePool') && !pool.includes('HTTPRoute'));
  });
});

const wrong: readonly [title: string, options: Partial<VllmEngineOptions>, ...says: string[]][] = [
  ['no rate', { replicaRequestsPerSecond: 0 }, 'replicaRequestsPerSecond', 'received 0'],
  ['no node', { nodes: 0 }, 'nodes: expected a whole number from 1 to 64'],
  ['half a token', { maxModelLength: 0.5 }, 'maxModelLength', '0.5'],
  [
    'parts without GPUs',
    { tensorParallel: 8 },
    'expected a product of 4 (1 × 4 GPUs), received 8 × the rest',
  ],
  ['GPUs without parts', { tensorParallel: 2, pipelineParallel: 1 }, 'received 2 × 1'],
  ['parts of a GPU', { pipelineParallel: 3 }, 'received the rest × 3'],
  ['too many GPUs', { gpus: { count: 99 } }, 'gpus.count'],
  [
    'a picker of no name',
    { routing: { picker: { ...picker, service: 'A b' } } },
    'routing.picker.service',
  ],
  [
    'a gateway for no host',
    { routing: { picker, gateway: { ...gateway, host: 'https://llm' } } },
    'routing.gateway.host',
  ],
];

describe('vLLM: what cannot be', () => {
  for (const [title, options, ...says] of wrong) {
    it(`refuses ${title}`, () => {
      refuses(() => vllm({ options }), 'MANARA_ENGINE', 'ServingEngine.vllm', ...says);
    });
  }

  it('takes parts that fit, however they are cut', () => {
    const args = argsOf(podOf({ options: { tensorParallel: 2 } }));
    assert(
      args.includes('--tensor-parallel-size=2') && args.includes('--pipeline-parallel-size=2'),
    );
    const layers = argsOf(podOf({ options: { pipelineParallel: 4 } }));
    assert(layers.includes('--tensor-parallel-size=1'));
  });

  it('refuses options of another kind', () => {
    refuses(
      () =>
        vllm({
          options: { routing: untyped({ picker: { service: 'a', port: 0, peer: gateway.peer } }) },
        }),
      'MANARA_PROP',
      'routing.picker.port',
    );
  });

  it('refuses several versions, parts of the bundled server, and metrics that nobody collects', () => {
    const versions = [new ModelVersion(1, artifact), new ModelVersion(2, artifact)] as const;
    refuses(
      () => vllm({ endpoint: { versions } }),
      'MANARA_ENGINE',
      'a process of vLLM has one model',
    );
    refuses(
      () => vllm({ endpoint: { server: { config: { cache: { models: {} } } } } }),
      'MANARA_ENGINE',
      'server: vLLM has none',
    );
    refuses(
      () => vllm({ site: { metrics: none('not collected') } }),
      'MANARA_ENGINE',
      'the requests in their hands',
    );
    refuses(
      () => vllm({ site: { mesh: ServiceMesh.istio() } }),
      'MANARA_ENGINE',
      'a mesh knows the paths of the Open Inference Protocol',
    );
  });

  it('refuses weights that its GPUs do not hold', () => {
    const small = { gpus: { count: 4, memory: Size.gibibytes(24) } };
    refuses(() => vllm({ options: small }), 'MANARA_ENGINE', 'gpus.memory', '36.2 GiB');
    vllm({ options: { gpus: { count: 8, memory: Size.gibibytes(24) } } });
  });
});

describe('formats', () => {
  it('go to engines that serve them', () => {
    refuses(
      () => vllm({ endpoint: { versions: [new ModelVersion(1, newArtifact())] } }),
      'MANARA_ENGINE',
      'ServingEngine.vllm() serves safetensors; received version 1 in onnx',
      'ServingEngine.onnx()',
    );
    for (const engine of [ServingEngine.onnx(), ServingEngine.kserve(), ServingEngine.triton()]) {
      refuses(
        () => vllm({ endpoint: { engine } }),
        'MANARA_ENGINE',
        'in safetensors',
        'ServingEngine.vllm()',
      );
    }
  });
});
