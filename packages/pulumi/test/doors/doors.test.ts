import assert from 'node:assert/strict';
import { programTrees } from '@manara/constructs';
import { record, recordRefusal, type Registered } from '@manara/pulumi-testing';
import { DataClass, Jurisdiction } from '@manara/residency';
import { Provider } from '@pulumi/kubernetes/provider';
import * as pulumi from '@pulumi/pulumi';
import { ApiObject, Duration } from 'cdk8s';
import { Deployment, k8s, Service } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import {
  ConstructComponent,
  ImageRegistry,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  type ModelEndpointArgs,
  ModelVersion,
  none,
  Peer,
  ResidencyZone,
  secretFile,
  ServingEngine,
  Site,
} from '../../src';

type UaePlace = 'aws:me-central-1' | 'azure:uaenorth';

const newZone = () =>
  new ResidencyZone('bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1', 'azure:uaenorth'],
    data: [DataClass.PERSONAL],
  });

function newSite(
  zone: ResidencyZone<UaePlace>,
  name = 'dubai',
  prefix: pulumi.Input<string> = 'registry.bank.example',
): Site<UaePlace> {
  const place: UaePlace = 'aws:me-central-1';
  return new Site(
    name,
    {
      zone,
      place,
      images: new ImageRegistry({ place, prefix }),
      logs: none('a test'),
      metrics: none('a test'),
      traces: none('a test'),
      backup: none('a test'),
    },
    { provider: new Provider(`cluster-${name}`, { context: name }) },
  );
}

function endpointArgs(
  zone: ResidencyZone<UaePlace>,
  site: Site<UaePlace>,
  uri: pulumi.Input<string> = 's3://bank-models',
): ModelEndpointArgs<UaePlace> {
  const bucket = new ModelBucket<UaePlace>({
    place: 'aws:me-central-1',
    uri,
    peer: Peer.addresses(pulumi.output('10.20.0.0/24')),
    readerAnnotations: { 'eks.amazonaws.com/role-arn': pulumi.secret('arn:aws:iam::1:role/r') },
  });
  const artifact = new ModelArtifact({
    bucket,
    key: 'fraud/1/model.onnx',
    sha256: 'a'.repeat(64),
    sizeBytes: 1_000_000,
  });
  return {
    zone,
    versions: [new ModelVersion(1, artifact)],
    engine: ServingEngine.onnx({ imageDigest: pulumi.output(`sha256:${'b'.repeat(64)}`) }),
    sites: [site],
    standby: none('one site'),
    objective: { p99Latency: Duration.millis(100), availabilityPercent: 99.9 },
    traffic: { peakRequestsPerSecond: 50 },
  };
}

function one(registered: readonly Registered[], type: string): Registered {
  const found = registered.filter((r) => r.type === type);
  assert.equal(found.length, 1, `${found.length} of ${type}`);
  assert(found[0] !== undefined);
  return found[0];
}

describe('ModelEndpoint of Pulumi', () => {
  it('is a component whose objects are its children, with the provider of their site', async () => {
    const { registered } = await record(() => {
      const zone = newZone();
      new ModelEndpoint('fraud', endpointArgs(zone, newSite(zone)));
    });
    assert.deepEqual(
      registered
        .filter(({ parent }) => parent === 'fraud')
        .map(({ type, name, provider }) => `${type} ${name} @ ${provider}`)
        .sort(),
      [
        'kubernetes:apps/v1:Deployment bank/dubai/fraud/deployment @ cluster-dubai',
        'kubernetes:autoscaling/v2:HorizontalPodAutoscaler bank/dubai/fraud/autoscaler @ cluster-dubai',
        'kubernetes:core/v1:Service bank/dubai/fraud/service @ cluster-dubai',
        'kubernetes:core/v1:ServiceAccount bank/dubai/fraud/service-account @ cluster-dubai',
        'kubernetes:networking.k8s.io/v1:NetworkPolicy bank/dubai/fraud/network-policy @ cluster-dubai',
        'kubernetes:policy/v1:PodDisruptionBudget bank/dubai/fraud/disruption-budget @ cluster-dubai',
      ],
    );
    const deployment = one(registered, 'kubernetes:apps/v1:Deployment');
    assert.deepEqual(deployment.dependsOn, ['bank/dubai/namespace']);
    // The autoscaler owns them.
    assert.deepEqual(deployment.ignoreChanges, ['spec.replicas']);
    assert.deepEqual(one(registered, 'kubernetes:core/v1:Service').ignoreChanges, []);
  });

  it('takes Outputs wherever it takes text, and keeps secrets secret', async () => {
    const { registered } = await record(() => {
      const zone = newZone();
      const site = newSite(zone, 'dubai', pulumi.output('registry.bank.example/serving'));
      const bucket = pulumi.interpolate`s3://${pulumi.output('bank-models')}`;
      new ModelEndpoint('fraud', endpointArgs(zone, site, bucket));
    });
    const deployment = JSON.stringify(one(registered, 'kubernetes:apps/v1:Deployment').inputs);
    assert(
      deployment.includes(`"registry.bank.example/serving/manara-server@sha256:${'b'.repeat(64)}"`),
    );
    assert(deployment.includes('s3://bank-models/fraud/1/model.onnx'));
    const account = one(registered, 'kubernetes:core/v1:ServiceAccount').inputs;
    assert.deepEqual((account.metadata as { annotations: unknown }).annotations, {
      'eks.amazonaws.com/role-arn': { secret: 'arn:aws:iam::1:role/r' },
    });
  });

  const serverWith = (url: pulumi.Input<string>, host: pulumi.Input<string>) => ({
    config: { cache: { redis: { url }, keyFile: secretFile('cache', 'key') } },
    hosts: [{ host, place: 'aws:me-central-1', peer: Peer.addresses('10.30.0.0/24') } as const],
  });

  it('takes Outputs in the configuration of its server, and opens the network to its hosts', async () => {
    const { registered } = await record(() => {
      const zone = newZone();
      const host = pulumi.output('cache.bank.example');
      const server = serverWith(pulumi.interpolate`rediss://${host}:6390/0`, 'cache.bank.example');
      const args = endpointArgs(zone, newSite(zone));
      assert.throws(
        () => new ModelEndpoint('fraud', { ...args, server }),
        /server\.hosts\.0\.host: expected a host that config names, \$\{late:ModelEndpoint\.server\.config\.cache\.redis\.url\}; received "cache\.bank\.example"/,
      );
      const url = pulumi.output('rediss://cache.bank.example:6390/0');
      new ModelEndpoint('fraud', { ...args, server: serverWith(url, url) });
    });
    const text = JSON.stringify(one(registered, 'kubernetes:apps/v1:Deployment').inputs);
    assert(text.includes(String.raw`\"url\": \"rediss://cache.bank.example:6390/0\"`), text);
    const policy = registered.find(({ name }) => name === 'bank/dubai/fraud/network-policy');
    assert(JSON.stringify(policy?.inputs).includes('"10.30.0.0/24"'));
  });

  it('refuses a host of its server that turns out to lie elsewhere', async () => {
    const { registered } = await record(() => {
      const zone = newZone();
      const jwksUrl = pulumi.output('https://keys.s3.eu-west-1.amazonaws.com/jwks.json');
      const server = {
        config: {
          identity: { jwt: [{ name: 'a', issuer: 'a', audience: 'a', jwksUrl }] },
          rules: [{ callers: ['*'], verbs: ['infer' as const] }],
        },
        hosts: [{ host: jwksUrl, place: 'aws:me-central-1' as const, peer: Peer.namespace('a') }],
      };
      new ModelEndpoint('fraud', { ...endpointArgs(zone, newSite(zone)), server });
    });
    const kinds = registered.map(({ type }) => type.split(':').at(-1));
    assert(kinds.includes('Service'));
    assert(!kinds.includes('Deployment'));
  });

  it('registers nothing of what violates the zone, and leaves its name free', async () => {
    const { registered, message } = await recordRefusal(() => {
      const zone = newZone();
      const site = newSite(zone);
      const args = endpointArgs(zone, site);
      const abroad = new ModelBucket({
        place: 'aws:eu-west-1',
        uri: 's3://abroad',
        peer: Peer.addresses('10.9.0.0/24'),
      }) as unknown as ModelBucket<UaePlace>;
      const artifact = new ModelArtifact({
        bucket: abroad,
        key: 'fraud/1/model.onnx',
        sha256: 'a'.repeat(64),
        sizeBytes: 1,
      });
      assert.throws(
        () => new ModelEndpoint('fraud', { ...args, versions: [new ModelVersion(1, artifact)] }),
        /artifact flow of bank\/fraud: .*aws:eu-west-1, outside zone "bank"[^]*MANARA_RESIDENCY/,
      );
      new ModelEndpoint('fraud', args);
      throw new Error('reached');
    });
    assert.equal(message, 'reached');
    assert.equal(registered.filter(({ type }) => type === 'manara:index:ModelEndpoint').length, 1);
    assert(!JSON.stringify(registered).includes('s3://abroad'));
  });

  it('refuses an address that turns out to lie elsewhere, before any object that holds it', async () => {
    const { registered } = await record(() => {
      const zone = newZone();
      const uri = pulumi.output('https://bank-models.s3.eu-west-1.amazonaws.com');
      new ModelEndpoint('fraud', endpointArgs(zone, newSite(zone), uri));
    });
    const kinds = registered.map(({ type }) => type.split(':').at(-1));
    assert(kinds.includes('Service'));
    assert(!kinds.includes('Deployment'));
  });

  it('is found by readers of the program’s trees', async () => {
    const { result } = await record(() => {
      const zone = newZone();
      new ModelEndpoint('fraud', endpointArgs(zone, newSite(zone)));
      return zone;
    });
    assert(programTrees().includes(result.node.root));
  });
});

describe('Site of Pulumi', () => {
  it('is refused without a provider where the zone has another', async () => {
    const { registered, message } = await recordRefusal(() => {
      const zone = newZone();
      const first = newSite(zone);
      const { place, images, logs, metrics, traces, backup } = first.construct;
      new Site('north', { zone, place, images, logs, metrics, traces, backup });
    });
    assert.match(message, /manara:index:Site "north": provider: expected .*MANARA_PROVIDER/);
    assert.deepEqual(
      registered.filter(({ type }) => type === 'manara:index:Site').map(({ name }) => name),
      ['dubai'],
    );
  });
});

/** What somebody else publishes. */
class Cache extends Construct {
  constructor(scope: Construct, id: string, image: string) {
    super(scope, id);
    const containers = [{ image, portNumber: 6379 }];
    const deployment = new Deployment(this, 'deployment', { containers });
    new Service(this, 'service', { selector: deployment, ports: [{ port: 6379 }] });
    new k8s.KubeHorizontalPodAutoscalerV2(this, 'autoscaler', {
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment.name },
      },
    });
  }
}

describe('ConstructComponent', () => {
  const cache = (image: string) => () => {
    const site = newSite(newZone());
    return new ConstructComponent('acme:cache:Redis', 'cache', {
      site,
      build: (scope, id) => new Cache(scope, id, image),
    });
  };

  it('makes any construct a component, in the cluster of its site', async () => {
    const { registered } = await record(cache('registry.bank.example/redis:8'));
    assert.deepEqual(
      registered
        .filter(({ parent }) => parent === 'cache')
        .map(({ name, provider }) => `${name} @ ${provider}`)
        .sort(),
      [
        'bank/dubai/cache/autoscaler @ cluster-dubai',
        'bank/dubai/cache/deployment @ cluster-dubai',
        'bank/dubai/cache/service @ cluster-dubai',
      ],
    );
  });

  it('refuses objects that another construct in the cluster has, and registers none of them', async () => {
    const { registered, message } = await recordRefusal(() => {
      const zone = newZone();
      const site = newSite(zone);
      new ModelEndpoint('fraud', endpointArgs(zone, site));
      const account = (kind: string) =>
        new ConstructComponent('acme:access:Reader', 'reader', {
          site,
          build: (scope, id) =>
            new ApiObject(scope, id, { apiVersion: 'v1', kind, metadata: { name: 'fraud' } }),
        });
      assert.throws(
        () => account('ServiceAccount'),
        /\[bank\/dubai\/reader\] ServiceAccount "fraud" in namespace "bank" is made twice, by "bank\/dubai\/fraud\/service-account\/Resource" and by "bank\/dubai\/reader", .*MANARA_NAME/,
      );
      // What was refused has taken no name.
      account('Secret');
      throw new Error('reached');
    });
    assert.equal(message, 'reached');
    assert.equal(registered.filter(({ type }) => type === 'acme:access:Reader').length, 1);
  });

  it('holds it to the zone: an image from a registry that no site has is refused', async () => {
    const { registered, message } = await recordRefusal(cache('docker.io/library/redis:8'));
    assert.match(
      message,
      /image flow of bank\/dubai\/cache\/deployment\/Resource: [^]*MANARA_RESIDENCY/,
    );
    assert.deepEqual(
      registered.filter(({ type }) => type === 'acme:cache:Redis'),
      [],
    );
  });
});
