import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import {
  Autoscaling,
  manifestFiles,
  ScalingMetric,
  type ServerProps,
  ServiceMesh,
  ServingEngine,
} from '../../../src';
import { auditZone } from '../../../src/flows/zone-audit';
import { secretFile } from '../../../src/server/secret-file';
import { refuses } from '../../support/errors';
import { newEndpoint, newSite, newZone, type UaePlace } from '../../support/fixtures';
import { at, type Document, documentOf } from '../../support/manifests';
import { watchedSite } from '../../observability/support';
import { cpuPool } from '../../support/pools';

type EndpointProps = Parameters<typeof newEndpoint>[1];

function kserve(props: EndpointProps = {}): {
  readonly app: App;
  readonly endpoint: ReturnType<typeof newEndpoint>;
} {
  const app = new App();
  const engine = ServingEngine.kserve();
  return { app, endpoint: newEndpoint(newSite(newZone(app)), { engine, ...props }) };
}

function predictorOf(props: EndpointProps = {}): unknown {
  return at(documentOf(kserve(props).app, 'InferenceService', 'fraud'), 'spec', 'predictor');
}

function runtimeOf(props: EndpointProps = {}): Document {
  return documentOf(kserve(props).app, 'ServingRuntime', 'fraud');
}

describe('KServe: the objects', () => {
  it('leave to KServe what it makes itself', () => {
    const kinds = manifestFiles(kserve().app)
      .filter(({ name }) => name === 'fraud.yaml')
      .flatMap(({ documents }) => documents.map(({ kind }) => kind));
    assert.deepEqual(kinds, [
      'ServiceAccount',
      'ServingRuntime',
      'InferenceService',
      'Service',
      'PodDisruptionBudget',
      'NetworkPolicy',
    ]);
  });

  it('name the runtime, its protocol and the mode without Knative', () => {
    const service = documentOf(kserve().app, 'InferenceService', 'fraud');
    assert.equal(service.apiVersion, 'serving.kserve.io/v1beta1');
    assert.deepEqual(at(service, 'metadata', 'annotations'), {
      'serving.kserve.io/autoscalerClass': 'hpa',
      'serving.kserve.io/deploymentMode': 'Standard',
    });
    assert.equal(
      at(service, 'metadata', 'labels', 'networking.kserve.io/visibility'),
      'cluster-local',
    );
    assert.deepEqual(at(service, 'spec', 'predictor', 'model'), {
      modelFormat: { name: 'onnx' },
      protocolVersion: 'v2',
      runtime: 'fraud',
    });
    assert.deepEqual(at(runtimeOf(), 'spec', 'supportedModelFormats'), [
      { name: 'onnx', version: '1', autoSelect: false },
    ]);
  });

  it('have the replicas that the bundled server has without KServe', () => {
    const plain = new App();
    newEndpoint(newSite(newZone(plain)));
    const spec = at(documentOf(plain, 'HorizontalPodAutoscaler', 'fraud'), 'spec');
    const predictor = predictorOf();
    assert.equal(at(predictor, 'minReplicas'), at(spec, 'minReplicas'));
    assert.equal(at(predictor, 'maxReplicas'), at(spec, 'maxReplicas'));
    assert.equal(
      at(predictor, 'scaleTarget'),
      at(spec, 'metrics', 0, 'resource', 'target', 'averageUtilization'),
    );
  });

  it('give the container KServe’s name and no way to write', () => {
    const container = at(runtimeOf(), 'spec', 'containers', 0);
    assert.equal(at(container, 'name'), 'kserve-container');
    assert.deepEqual(at(container, 'args'), ['--config', '/etc/manara/config.json']);
    assert.equal(at(container, 'securityContext', 'readOnlyRootFilesystem'), true);
    assert.equal(at(container, 'readinessProbe', 'httpGet', 'path'), '/v2/health/ready');
  });

  it('bring weights with a checked digest, into volumes that the container mounts', () => {
    const predictor = predictorOf();
    assert.equal(at(predictor, 'initContainers', 0, 'args', 0), 'fetch');
    const volumes = (at(predictor, 'volumes') as { readonly name: string }[]).map(
      ({ name }) => name,
    );
    const mounts = at(runtimeOf(), 'spec', 'containers', 0, 'volumeMounts') as { name: string }[];
    assert.deepEqual(volumes, ['config', 'temporary', 'models', 'claim-model-store']);
    for (const { name } of mounts) assert(volumes.includes(name), name);
    assert.equal(at(predictor, 'containers'), undefined);
  });

  it('select KServe’s pods by the labels that they are given', () => {
    const { app, endpoint } = kserve();
    const labels = at(predictorOf(), 'labels') as Record<string, string>;
    const policy = documentOf(app, 'NetworkPolicy', 'fraud');
    const selector = at(policy, 'spec', 'podSelector', 'matchLabels') as Record<string, string>;
    for (const [key, value] of Object.entries(selector)) assert.equal(labels[key], value);
    assert.deepEqual(endpoint.workloads[0]?.podLabels, selector);
  });
});

describe('KServe: what the bundled server can', () => {
  it('stays: its configuration, and Secrets that it names', () => {
    const server: ServerProps<UaePlace> = {
      config: {
        identity: { apiKeys: { file: secretFile('keys', 'keys.json') } },
        rules: [{ callers: ['*'], verbs: ['infer'] }],
      },
    };
    const predictor = predictorOf({ server });
    const config = JSON.parse(
      at(predictor, 'annotations', 'manara.dev/config') as string,
    ) as Record<string, unknown>;
    assert.deepEqual(config.identity, server.config.identity);
    assert.equal(at(predictor, 'volumes', 4, 'secret', 'secretName'), 'keys');
    const mounts = at(runtimeOf({ server }), 'spec', 'containers', 0, 'volumeMounts');
    assert.equal(at(mounts, 3, 'mountPath'), '/etc/manara-secrets/keys');
  });

  it('is refused under its own name where an option is none', () => {
    refuses(
      () => ServingEngine.kserve({ serviceTimeMicros: 0 }),
      'MANARA_ENGINE',
      '[ServingEngine.kserve] serviceTimeMicros',
    );
  });

  it('is refused with an autoscaler that KServe does not make', () => {
    for (const autoscaling of [
      Autoscaling.keda(),
      Autoscaling.hpa({ on: [ScalingMetric.inFlight()] }),
    ]) {
      refuses(() => kserve({ autoscaling }), 'MANARA_SCALING', 'KServe makes the autoscaler');
    }
  });

  it('runs on the nodes of its pool, with its priority', () => {
    const app = new App();
    const site = newSite(newZone(app));
    newEndpoint(site, {
      engine: ServingEngine.kserve(),
      nodes: [cpuPool(site)],
      autoscaling: Autoscaling.hpa({ priorityClass: 'critical-serving' }),
    });
    const predictor = at(documentOf(app, 'InferenceService', 'fraud'), 'spec', 'predictor');
    assert.deepEqual(at(predictor, 'nodeSelector'), { 'manara.dev/pool': 'web' });
    assert.equal(at(predictor, 'priorityClassName'), 'critical-serving');
  });

  it('is watched as without KServe, and trusts the collector', () => {
    const app = new App();
    newEndpoint(watchedSite({}, {}, app), { engine: ServingEngine.kserve() });
    documentOf(app, 'PrometheusRule', 'fraud');
    const predictor = at(documentOf(app, 'InferenceService', 'fraud'), 'spec', 'predictor');
    const container = at(documentOf(app, 'ServingRuntime', 'fraud'), 'spec', 'containers', 0);
    const named = (list: unknown, name: string): unknown =>
      (list as { readonly name: string }[]).find((one) => one.name === name);
    assert.equal(
      at(named(at(predictor, 'volumes'), 'collector-authority'), 'secret', 'secretName'),
      'observability-collector-tls',
    );
    assert.equal(
      at(named(at(container, 'volumeMounts'), 'collector-authority'), 'mountPath'),
      '/etc/manara-collector',
    );
    assert(named(at(container, 'env'), 'OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE') !== undefined);
  });

  it('is in the mesh of its site', () => {
    const app = new App();
    newEndpoint(newSite(newZone(app), 'dubai', { mesh: ServiceMesh.istio() }), {
      engine: ServingEngine.kserve(),
    });
    const predictor = at(documentOf(app, 'InferenceService', 'fraud'), 'spec', 'predictor');
    assert.equal(at(predictor, 'labels', 'service.istio.io/canonical-revision'), 'latest');
    assert(at(predictor, 'annotations', 'manara.dev/config') !== undefined);
  });

  it('passes the audit: its kinds are an endpoint’s', () => {
    assert.deepEqual(auditZone(kserve().endpoint.zone).violations, []);
  });
});
