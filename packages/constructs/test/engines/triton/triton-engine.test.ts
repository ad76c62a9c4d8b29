import assert from 'node:assert/strict';
import { App, Duration, Size } from 'cdk8s';
import {
  Autoscaling,
  dataFlows,
  GpuDevices,
  ModelArtifact,
  ModelBucket,
  ModelVersion,
  none,
  Peer,
  ScalingMetric,
  ServiceMesh,
  ServingEngine,
  TensorRt,
  TraceSink,
} from '../../../src';
import { auditZone } from '../../../src/flows/zone-audit';
import { refuses } from '../../support/errors';
import {
  bucket,
  newArtifact,
  newEndpoint,
  newSite,
  newZone,
  sha256,
  type UaePlace,
  untyped,
} from '../../support/fixtures';
import { at, documentOf, documents } from '../../support/manifests';
import { watchedSite } from '../../observability/support';
import { gpuPool, there } from '../../support/pools';
import {
  configOf,
  deploymentOf,
  measured,
  metrics,
  rows,
  serverOf,
  triton,
  versionOf,
} from './support';

const onCpu = Autoscaling.hpa({ on: [ScalingMetric.cpu()] });

const second = {
  name: 'second',
  versions: [versionOf(rows, 3, 'second/3/model.onnx')],
} as const;

describe('Triton: config.pbtxt', () => {
  it('has the batcher that the objective and the measured times give', () => {
    const text = configOf({ options: measured });
    assert.match(text, /^max_batch_size: 256$/m);
    assert.match(text, /preferred_batch_size: \[\d+, 256\]/);
    assert.match(text, /default_timeout_microseconds: 50000/);
    const slow = configOf({
      options: measured,
      endpoint: { objective: { p99Latency: Duration.millis(8), availabilityPercent: 99 } },
    });
    assert.match(slow, /^max_batch_size: 64$/m);
    assert.doesNotMatch(configOf(), /max_queue_delay_microseconds/, 'nobody waits for nothing');
  });

  it('says where copies run, and on how many threads', () => {
    assert.match(configOf(), /instance_group {\n {2}count: \d+\n {2}kind: KIND_CPU\n}/);
    assert.match(configOf(), /key: "intra_op_thread_count"\n {2}value {\n {4}string_value: "1"/);
    const options = { ...measured, gpus: { count: 4 }, instances: 2, onGpus: [1, 3] };
    const text = configOf({ options });
    assert.match(text, /count: 2\n {2}kind: KIND_GPU\n {2}gpus: \[1, 3\]/);
    assert.doesNotMatch(text, /intra_op/);
  });

  it('has TensorRT with one engine for all sizes of a batch', () => {
    const text = configOf({ options: { ...measured, tensorRt: TensorRt.fp16() } });
    assert.match(text, /key: "precision_mode"\n\s+value: "FP16"/);
    assert.match(text, /key: "trt_profile_max_shapes"\n\s+value: "features:256x20"/);
    const varying = {
      ...rows,
      inputs: [{ name: 'ids', datatype: 'INT64', shape: [-1, -1] }],
    } as const;
    const unknown = configOf({
      options: { ...measured, tensorRt: TensorRt.int8({ workspace: Size.gibibytes(2) }) },
      endpoint: { versions: [versionOf(varying)] },
    });
    assert.doesNotMatch(unknown, /trt_profile/);
    assert.match(unknown, /key: "max_workspace_size_bytes"\n\s+value: "2147483648"/);
  });

  it('takes the largest batch as asked, and none', () => {
    assert.match(configOf({ options: { maxBatchSize: 100 } }), /^max_batch_size: 100$/m);
    const whole = configOf({ options: { maxBatchSize: 0 } });
    assert.match(whole, /^max_batch_size: 0$/m);
    assert.match(whole, /dims: \[-1, 20\]/);
    assert.doesNotMatch(whole, /dynamic_batching|batch_size: 1/);
  });

  it('warms up, keeps answers and lists versions as said', () => {
    const versions = [versionOf(), versionOf(rows, 4)] as const;
    const text = configOf({
      options: { warmUp: false, responseCache: true },
      endpoint: { versions },
    });
    assert.match(text, /versions: \[1, 4\]/);
    assert.match(text, /response_cache {\n {2}enable: true/);
    assert.doesNotMatch(text, /model_warmup/);
    assert.doesNotMatch(configOf(), /response_cache/);
  });
});

describe('Triton: the pods', () => {
  it('load what is named, guess nothing, and keep their doors to the rest closed', () => {
    const { args } = serverOf({ options: { models: [second] } });
    assert.deepEqual(
      args.filter((arg) => /load-model|control|complete/.test(arg)),
      [
        '--model-control-mode=explicit',
        '--load-model=fraud',
        '--load-model=second',
        '--disable-auto-complete-config',
      ],
    );
    for (const flag of ['http-restricted-api', 'grpc-restricted-protocol']) {
      const key = 'manara-admin=$(POD_UID)';
      assert(args.includes(`--${flag}=model-repository,shared-memory,trace,logging:${key}`));
    }
  });

  it('find the repository put together, and may write to none of it', () => {
    const mounts = serverOf({ options: { models: [second] } }).volumeMounts;
    const repository = mounts.filter(({ mountPath }) => mountPath.startsWith('/models'));
    assert.deepEqual(repository.map(({ mountPath }) => mountPath).sort(), [
      '/models/fraud/1',
      '/models/fraud/config.pbtxt',
      '/models/second/3',
      '/models/second/config.pbtxt',
    ]);
    assert(repository.every(({ readOnly }) => readOnly === true));
  });

  it('have GPUs, memory and a cache as asked', () => {
    const options = {
      ...measured,
      gpus: { count: 2, nodeLabels: { 'nvidia.com/gpu.product': 'NVIDIA-L4' } },
      memory: Size.gibibytes(8),
      responseCache: true,
      cacheSize: Size.mebibytes(128),
    };
    const { resources, args } = serverOf({ options });
    assert.equal(at(resources, 'limits', 'nvidia.com/gpu'), 2);
    assert.equal(at(resources, 'limits', 'memory'), '8320Mi');
    assert(args.includes('--cache-config=local,size=134217728'));
    const spec = at(deploymentOf({ options }), 'spec', 'template', 'spec');
    assert.deepEqual(at(spec, 'nodeSelector'), { 'nvidia.com/gpu.product': 'NVIDIA-L4' });
    assert.equal(at(spec, 'tolerations', 0, 'key'), 'nvidia.com/gpu');
    assert.equal(at(spec, 'initContainers', 0, 'resources', 'limits', 'nvidia.com/gpu'), undefined);
  });

  it('measure and trace only where the site says to whom', () => {
    const silent = serverOf({ site: { metrics: none('not collected') } });
    assert(silent.args.includes('--allow-metrics=false'));
    assert(!silent.args.some((arg) => /trace-config|metrics-port/.test(arg)));
    const traces = new TraceSink({
      place: 'aws:me-central-1',
      uri: 'https://otel.bank.example:4318',
      peer: Peer.namespace('monitoring'),
    });
    const { args } = serverOf({ site: { traces } });
    assert(
      args.includes('--trace-config=opentelemetry,url=https://otel.bank.example:4318/v1/traces'),
    );
    assert(args.includes('--trace-config=rate=100'));
  });

  it('follow CPU use, or with GPUs theirs', () => {
    const metric = (options: object): unknown =>
      at(
        documentOf(triton({ options }).app, 'HorizontalPodAutoscaler', 'fraud'),
        'spec',
        'metrics',
        0,
      );
    assert.equal(at(metric({}), 'resource', 'target', 'averageUtilization'), 70);
    assert.deepEqual(at(metric(measured), 'pods'), {
      metric: { name: 'DCGM_FI_DEV_GPU_UTIL' },
      target: { type: 'AverageValue', averageValue: '70' },
    });
    refuses(
      () => triton({ options: measured, endpoint: { autoscaling: onCpu } }),
      'MANARA_SCALING',
      'autoscaling.on',
      'a GPU',
    );
  });

  it('have replicas for what their GPUs take, and a cold start that may be measured', () => {
    const planOf = (options: object): { readonly minReplicas: number } => {
      const surge = { factor: 4, within: Duration.minutes(10) };
      const { endpoint } = triton({
        options: { ...measured, ...options },
        endpoint: {
          traffic: { peakRequestsPerSecond: 100_000, quietRequestsPerSecond: 30_000, surge },
        },
      });
      const [workload] = endpoint.workloads;
      assert(workload !== undefined);
      // 128 rows in 7.1 ms: 18,000 a second of which the peak may take 70 %.
      assert.equal(workload.plan.peakReplicas, 8);
      assert.equal(workload.capacity.peakReplicas, 8);
      return workload.plan;
    };
    const slow = planOf({ tensorRt: TensorRt.fp16() });
    const quick = planOf({
      coldStart: { imagePull: Duration.seconds(1), load: Duration.seconds(5) },
    });
    assert(quick.minReplicas < slow.minReplicas);
    refuses(
      () => triton({ options: { coldStart: { load: Duration.hours(2) } } }),
      'MANARA_ENGINE',
      '[ServingEngine.triton] coldStart.load',
    );
  });

  it('run where their pool is, and ask for its GPUs as it gives them', () => {
    const on = (options: object, pool: object = {}): unknown => {
      const app = new App();
      const site = newSite(newZone(app), 'dubai', { metrics });
      newEndpoint(site, {
        versions: [versionOf()],
        engine: ServingEngine.triton(options),
        nodes: [gpuPool(site, pool)],
      });
      return at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'template', 'spec');
    };
    const counted = on({ ...measured, gpus: { nodeLabels: { other: 'nodes' } } });
    assert.deepEqual(at(counted, 'nodeSelector'), { 'manara.dev/pool': 'gpus' });
    assert.deepEqual(at(counted, 'tolerations'), [
      { key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' },
    ]);
    assert.equal(at(counted, 'containers', 0, 'resources', 'limits', 'nvidia.com/gpu'), 1);
    const claimed = on(measured, { ...there, devices: GpuDevices.claims() });
    assert.deepEqual(at(claimed, 'resourceClaims'), [
      { name: 'gpus', resourceClaimTemplateName: 'fraud-gpus' },
    ]);
    assert.deepEqual(at(claimed, 'containers', 0, 'resources', 'claims'), [{ name: 'gpus' }]);
    assert.equal(at(claimed, 'containers', 0, 'resources', 'limits', 'nvidia.com/gpu'), undefined);
    refuses(() => on({}), 'MANARA_CAPACITY', 'a CpuNodePool');
    refuses(() => on({ ...measured, gpus: { count: 4 } }), 'MANARA_CAPACITY', '4 GPU');
  });

  it('are in the mesh of their site, which alone divides requests between versions', () => {
    const mesh = { mesh: ServiceMesh.istio() };
    const labels = at(deploymentOf({ site: mesh }), 'spec', 'template', 'metadata', 'labels');
    assert.equal(at(labels, 'service.istio.io/canonical-revision'), 'latest');
    const versions = [versionOf(), versionOf(rows, 2)] as const;
    const routes = { weights: { 1: 90, 2: 10 } };
    triton({ endpoint: { versions, routes }, site: mesh });
    refuses(() => triton({ endpoint: { versions, routes } }), 'MANARA_ENGINE', 'routes: Triton');
  });

  it('are scraped where they are watched, without rules on metrics that they do not have', () => {
    const app = new App();
    newEndpoint(watchedSite({}, {}, app), {
      versions: [versionOf()],
      engine: ServingEngine.triton(),
    });
    const monitor = documentOf(app, 'PodMonitor', 'fraud');
    assert.equal(at(monitor, 'spec', 'podMetricsEndpoints', 0, 'port'), 'metrics');
    const rules = documents(app).filter(
      (one) => one.kind === 'PrometheusRule' && at(one, 'metadata', 'name') === 'fraud',
    );
    assert.deepEqual(rules, []);
    // Nobody told it whose certificate the collector has.
    const pod = at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'template', 'spec');
    const args = at(pod, 'containers', 0, 'args') as string[];
    assert(!args.some((arg) => arg.startsWith('--trace-config')));
  });
});

describe('Triton: residency', () => {
  it('declares the weights of every model, and passes the audit', () => {
    const { endpoint } = triton({ options: { models: [second] } });
    const uris = endpoint[dataFlows]().flatMap((flow) =>
      flow.kind === 'artifact' && flow.status === 'declared' ? [flow.from.uri] : [],
    );
    assert.deepEqual(uris, [
      'pvc://model-store/fraud/1/model.onnx',
      's3://bank-models/second/3/model.onnx',
    ]);
    assert.deepEqual(
      auditZone(endpoint.zone).violations.map(({ flow }) => flow),
      [],
    );
  });

  it('refuses weights of a model beside that lie abroad', () => {
    const away = new ModelBucket({ place: 'aws:eu-west-1', uri: 'pvc://models' });
    const artifact = newArtifact({ bucket: untyped(away), signature: rows });
    const models = [{ name: 'second', versions: [new ModelVersion(1, artifact)] }] as const;
    const { violations } = auditZone(triton({ options: { models } }).endpoint.zone);
    assert(violations.some(({ rule }) => rule.id === 'flow-stays-in-zone'));
    assert(violations.every(({ flow }) => flow.kind === 'artifact'));
  });
});

describe('Triton: what it cannot do', () => {
  const one = (endpoint: Parameters<typeof triton>[0]) => () => triton(endpoint);

  it('refuses parts of the bundled server, explanations, and a default that is not the highest', () => {
    const versions = [versionOf(), versionOf(rows, 2)] as const;
    refuses(
      one({ endpoint: { server: { config: { cache: { models: {} } } } } }),
      'MANARA_ENGINE',
      'server: Triton has none',
      'received cache',
      'ServingEngine.onnx()',
    );
    refuses(
      one({ endpoint: { versions, defaultVersion: 1 } }),
      'MANARA_ENGINE',
      'defaultVersion: Triton answers with the highest',
      'expected 2, received 1',
    );
    const explained = new ModelArtifact<UaePlace>({
      bucket,
      key: 'fraud/1/model.onnx',
      sha256,
      sizeBytes: 1,
      signature: rows,
      explanation: { sha256 },
    });
    refuses(
      one({ endpoint: { versions: [new ModelVersion(1, explained)] } }),
      'MANARA_ENGINE',
      'Triton explains nothing',
    );
  });

  it('refuses models that one configuration cannot describe', () => {
    refuses(
      one({ endpoint: { versions: [versionOf('unknown')] } }),
      'MANARA_ENGINE',
      'expected file or signature of the ModelArtifact of version 1, received neither',
    );
    const other = { ...rows, inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 9] }] } as const;
    refuses(
      one({ endpoint: { versions: [versionOf(), versionOf(other, 2)] } }),
      'MANARA_ENGINE',
      'features FP32[-1,20]',
      'x FP32[-1,9]',
    );
    const fixed = { ...rows, inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 9] }] } as const;
    refuses(
      one({ options: { maxBatchSize: 8 }, endpoint: { versions: [versionOf(fixed)] } }),
      'MANARA_ENGINE',
      'maxBatchSize is 8',
    );
    refuses(
      one({ options: { models: [{ ...second, name: 'fraud' }] } }),
      'MANARA_ENGINE',
      'received "fraud" again',
    );
  });

  it('refuses weights that no GPU holds, and an objective that no run keeps', () => {
    refuses(
      one({ options: { ...measured, gpus: { memory: Size.mebibytes(8) } } }),
      'MANARA_ENGINE',
      'gpus.memory',
    );
    refuses(
      one({ options: { ...measured, serviceTimeMicros: 30_000 } }),
      'MANARA_OBJECTIVE',
      'the nearest that can is 60 ms',
    );
  });

  it('names the pipeline and the step that cannot be', () => {
    const pipelines = [
      {
        name: 'both',
        inputs: ['x'],
        outputs: ['y'],
        steps: [{ model: 'absent', inputs: {}, outputs: {} }],
      },
    ];
    refuses(
      one({ options: { pipelines } }),
      'MANARA_ENGINE',
      'pipelines "both": steps.0.model',
      '"absent"',
    );
  });
});
