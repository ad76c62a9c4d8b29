import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import * as constructs from '@manara/constructs';
import * as doors from '@manara/pulumi';
import { record, type Registered } from '@manara/pulumi-testing';
import { Provider } from '@pulumi/kubernetes/provider';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { exampleFolders } from '../support/examples';
import { replay } from '../support/replay';

type Class = (abstract new (...args: never) => unknown) & { readonly prototype: unknown };

function isConstructClass(value: unknown): value is Class {
  return typeof value === 'function' && (value as Class).prototype instanceof Construct;
}

/** Every example that exports a tree, by its folder: one that is added is compared too. */
function exampleApps(): readonly (readonly [name: string, app: App])[] {
  const load = createRequire(__filename);
  return exampleFolders().map((folder) => [
    basename(folder),
    (load(join(folder, 'build', 'main.js')) as { readonly app: App }).app,
  ]);
}

/** No example has a server that reaches anything, nodes of its own or spare capacity. */
function appWithServer(): App {
  const { ImageRegistry, ModelArtifact, ModelBucket, ModelVersion, none, Peer } = constructs;
  const app = new App();
  const place = 'aws:me-central-1';
  const zone = new constructs.ResidencyZone(app, 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [place],
    data: [DataClass.PERSONAL],
  });
  const site = new constructs.Site(zone, 'dubai', {
    place,
    images: new ImageRegistry({ place, prefix: 'registry.bank.example' }),
    logs: none('a test'),
    metrics: none('a test'),
    traces: none('a test'),
    backup: none('a test'),
  });
  const artifact = new ModelArtifact({
    bucket: new ModelBucket({ place, uri: 'pvc://models' }),
    key: 'fraud/1/model.onnx',
    sha256: 'a'.repeat(64),
    sizeBytes: 1_000_000,
  });
  const like = new constructs.ModelEndpoint(zone, 'fraud', {
    versions: [new ModelVersion(1, artifact)],
    engine: constructs.ServingEngine.onnx(),
    sites: [site],
    standby: none('one site'),
    nodes: [addNodes(site)],
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
    traffic: { peakRequestsPerSecond: 1 },
    server: {
      config: {
        cache: {
          redis: { url: 'rediss://redis.data.svc' },
          keyFile: constructs.secretFile('cache', 'key'),
        },
      },
      hosts: [{ host: 'redis.data.svc', place, peer: Peer.namespace('data') }],
    },
  });
  new constructs.SpareCapacity(zone, 'spare', { site, like });
  new constructs.SpareCapacity(zone, 'more', { site, like, replicas: 2 });
  return app;
}

/** An endpoint of each rollout, behind a gateway, on a site that is watched. */
function appWithRollouts(): App {
  const { Callers, ImageRegistry, MetricSink, ModelBucket, none, Peer, TraceSink } = constructs;
  const app = new App();
  const place = 'aws:me-central-1';
  const zone = new constructs.ResidencyZone(app, 'bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [place],
    data: [DataClass.PERSONAL],
  });
  const uri = 'https://prometheus.bank.example';
  const peer = Peer.namespace('tempo');
  const site = new constructs.Site(zone, 'dubai', {
    place,
    images: new ImageRegistry({ place, prefix: 'registry.bank.example' }),
    logs: none('a test'),
    metrics: new MetricSink({ place, uri, scrapedBy: Peer.namespace('monitoring') }),
    traces: new TraceSink({ place, uri: 'https://tempo.bank.example:4318', peer }),
    backup: none('a test'),
    mesh: constructs.ServiceMesh.istio(),
  });
  const collector = { issuer: { name: 'bank-ca' } };
  new constructs.Observability(site, 'observability', { collector });
  const bucket = new ModelBucket({ place, uri: 'pvc://models' });
  const [canary, blueGreen, shadow] = (['canary', 'blue-green', 'shadow'] as const).map(
    (name) =>
      new constructs.ModelEndpoint(zone, name, {
        versions: [
          new constructs.ModelVersion(
            1,
            new constructs.ModelArtifact({
              bucket,
              key: `${name}/1/model.onnx`,
              sha256: 'a'.repeat(64),
              sizeBytes: 1_000_000,
            }),
          ),
        ],
        engine: constructs.ServingEngine.onnx(),
        sites: [site],
        standby: none('one site'),
        objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
        traffic: { peakRequestsPerSecond: 200 },
      }),
  );
  assert(canary !== undefined && blueGreen !== undefined && shadow !== undefined);
  new constructs.CanaryRollout(canary, 'rollout', { longest: Duration.hours(12) });
  new constructs.BlueGreenRollout(blueGreen, 'rollout', { previewRequests: 100 });
  new constructs.ShadowRollout(shadow, 'rollout', { percent: 50 });
  new constructs.InferenceGateway(site, 'api', {
    host: 'api.bank.example',
    tls: constructs.GatewayTls.certManager({ name: 'bank-ca' }),
    issuers: [
      new constructs.TokenIssuer({
        issuer: 'https://login.bank.example',
        audiences: ['models'],
        publishedKeys: { uri: 'https://login.bank.example/keys', place },
      }),
    ],
    access: [
      { endpoint: canary, callers: Callers.scope('canary.infer') },
      { endpoint: shadow, callers: Callers.withToken(), verbs: ['read'] },
    ],
    limits: [{ endpoint: canary, requestsPerSecond: 100 }],
    from: [Peer.addresses('10.0.0.0/16')],
    proxy: { name: 'istio/proxyv2', tag: '1.31.0' },
  });
  return app;
}

/** The pool that an endpoint's pods run on, and one with GPUs beside it. */
function addNodes<P extends 'aws:me-central-1'>(site: constructs.Site<P>): constructs.NodePool<P> {
  const { CpuNodePool, GpuDevices, GpuNodePool, GpuOperator, Provisioner } = constructs;
  const image = { name: 'nvidia/image', tag: 'v1' };
  const images = { validator: image, devicePlugin: image };
  new GpuOperator(site, 'gpu-operator', { images });
  const provisioner = Provisioner.labelled();
  const devices = GpuDevices.plugin(image);
  const nodes = { max: 2 };
  new GpuNodePool(site, 'gpus', { instanceTypes: ['g6.xlarge'], nodes, provisioner, devices });
  return new CpuNodePool(site, 'web', {
    instanceTypes: ['m7i.xlarge'],
    nodes,
    spot: { floor: 1 },
    provisioner: Provisioner.karpenterAws({
      bottlerocket: 'v1.55.0',
      instanceProfile: 'nodes',
      subnetIds: ['subnet-0a'],
      securityGroupIds: ['sg-0a'],
      diskKeyArn: 'arn:key',
    }),
  });
}

/** Kubernetes objects as they would reach the API server, in no order. */
function objectsOf(registered: readonly Registered[]): readonly unknown[] {
  const inputs = registered
    .filter(({ type }) => type.startsWith('kubernetes:'))
    .map((r) => JSON.stringify(r.inputs));
  return inputs.sort().map((text) => JSON.parse(text) as unknown);
}

describe('the doors for Pulumi', () => {
  it('are as many as the constructs', () => {
    const names = Object.entries(constructs)
      .filter(([, value]) => isConstructClass(value))
      .map(([name]) => name);
    assert.deepEqual(names.sort(), [
      'BlueGreenRollout',
      'CanaryRollout',
      'CpuNodePool',
      'GpuNodePool',
      'GpuOperator',
      'InferenceGateway',
      'ModelEndpoint',
      'Observability',
      'ResidencyZone',
      'ServingStack',
      'ShadowRollout',
      'Site',
      'SpareCapacity',
    ]);
    assert.deepEqual(
      names.filter((name) => !(name in doors)),
      [],
    );
  });

  const apps = [
    ...exampleApps().map(([name, app]) => [`examples/${name}`, app] as const),
    ['an endpoint with a server and nodes', appWithServer()] as const,
    ['rollouts behind a gateway, and what watches them', appWithRollouts()] as const,
  ];
  for (const [name, app] of apps) {
    it(`make the same objects as deploy() of ${name}`, async () => {
      const deployed = await record(() => {
        doors.deploy(app, { provider: new Provider('cluster', { context: 'any' }) });
      });
      const replayed = await record(() => {
        replay(app);
      });
      const objects = objectsOf(deployed.registered);
      assert(objects.length >= 8);
      assert.deepEqual(objectsOf(replayed.registered), objects);
    });
  }
});
