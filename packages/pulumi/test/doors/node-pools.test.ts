import assert from 'node:assert/strict';
import { record, recordRefusal } from '@manara/pulumi-testing';
import { DataClass, Jurisdiction } from '@manara/residency';
import { Provider } from '@pulumi/kubernetes/provider';
import * as pulumi from '@pulumi/pulumi';
import { Duration } from 'cdk8s';
import {
  CpuNodePool,
  GpuNodePool,
  GpuOperator,
  GpuSharing,
  ImageRegistry,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Provisioner,
  ResidencyZone,
  ServingEngine,
  Site,
} from '../../src';

const place = 'aws:me-central-1';

function dubai() {
  const zone = new ResidencyZone('bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [place],
    data: [DataClass.PERSONAL],
  });
  const images = new ImageRegistry({ place, prefix: pulumi.output('registry.bank.example') });
  const absent = { logs: none('a'), metrics: none('b'), traces: none('c'), backup: none('d') };
  const provider = new Provider('cluster', { context: 'dubai' });
  return { zone, site: new Site('dubai', { zone, place, images, ...absent }, { provider }) };
}

/** Of a cluster that the same program makes: all is known only after deployment. */
const provisioner = () =>
  Provisioner.karpenterAws({
    bottlerocket: 'v1.55.0',
    instanceProfile: pulumi.output('karpenter-node'),
    subnetIds: [pulumi.output('subnet-0a'), pulumi.output('subnet-0b')],
    securityGroupIds: [pulumi.output('sg-0a')],
    diskKeyArn: pulumi.output('arn:key'),
  });

describe('node pools of Pulumi', () => {
  it('are components whose objects are custom resources with the site’s provider', async () => {
    const { registered } = await record(
      () =>
        new GpuNodePool('gpus', {
          site: dubai().site,
          instanceTypes: ['g6.xlarge'],
          nodes: { max: 4 },
          spot: { floor: 1 },
          provisioner: provisioner(),
          sharing: GpuSharing.timeSlicing(2),
        }),
    );
    assert.deepEqual(
      registered
        .filter(({ parent }) => parent === 'gpus')
        .map(({ type, name, provider }) => `${type} ${name} @ ${provider}`)
        .sort(),
      [
        'kubernetes:karpenter.k8s.aws/v1:EC2NodeClass bank/dubai/gpus/node-class @ cluster',
        'kubernetes:karpenter.sh/v1:NodePool bank/dubai/gpus/floor @ cluster',
        'kubernetes:karpenter.sh/v1:NodePool bank/dubai/gpus/node-pool @ cluster',
        'kubernetes:karpenter.sh/v1alpha1:NodeOverlay bank/dubai/gpus/overlay-1 @ cluster',
      ],
    );
    const spec = (name: string) =>
      registered.find((r) => r.name === `bank/dubai/gpus/${name}`)?.inputs.spec as Record<
        string,
        unknown
      >;
    assert.equal(spec('node-class').instanceProfile, 'karpenter-node');
    assert.deepEqual(spec('node-class').subnetSelectorTerms, [
      { id: 'subnet-0a' },
      { id: 'subnet-0b' },
    ]);
    assert.deepEqual(spec('floor').limits, { nodes: 1, cpu: 4 });
  });

  it('are where an endpoint’s pods run', async () => {
    const { registered } = await record(() => {
      const { zone, site } = dubai();
      const web = new CpuNodePool('web', {
        site,
        instanceTypes: ['m7i.xlarge'],
        nodes: { max: 4 },
        provisioner: provisioner(),
      });
      const bucket = new ModelBucket({ place, uri: 'pvc://models' });
      const artifact = new ModelArtifact({
        bucket,
        key: 'fraud/1/model.onnx',
        sha256: 'a'.repeat(64),
        sizeBytes: 1_000_000,
      });
      return new ModelEndpoint('fraud', {
        zone,
        versions: [new ModelVersion(1, artifact)],
        engine: ServingEngine.onnx(),
        sites: [site],
        standby: none('one site'),
        nodes: [web],
        objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
        traffic: { peakRequestsPerSecond: 1 },
      });
    });
    const deployment = registered.find(({ type }) => type.endsWith(':Deployment'));
    const { template } = deployment?.inputs.spec as {
      template: { spec: { nodeSelector: unknown } };
    };
    assert.deepEqual(template.spec.nodeSelector, { 'manara.dev/pool': 'web' });
  });

  it('have an operator whose images may be known late', async () => {
    const digest = `sha256:${'b'.repeat(64)}`;
    const image = { name: 'nvidia/gpu-operator', tag: 'v1', digest: pulumi.output(digest) };
    const { registered } = await record(
      () =>
        new GpuOperator('gpu-operator', {
          site: dubai().site,
          images: { validator: image, devicePlugin: { name: 'nvidia/plugin', tag: 'v1' } },
        }),
    );
    const policy = registered.find(({ type }) => type.endsWith(':ClusterPolicy'));
    const { validator } = policy?.inputs.spec as { validator: unknown };
    assert.deepEqual(validator, {
      repository: 'registry.bank.example/nvidia',
      image: 'gpu-operator',
      version: digest,
    });
  });

  it('are refused before anything is registered, and leave nothing in the site', async () => {
    let site: Site | undefined;
    const { message, registered } = await recordRefusal(() => {
      site = dubai().site;
      return new GpuNodePool('gpus', {
        site,
        instanceTypes: ['p4d.24xlarge'],
        nodes: { max: 4 },
        provisioner: provisioner(),
      });
    });
    assert.match(message, /\[bank\/dubai\/gpus\] instanceTypes: .* \(MANARA_CAPACITY\)/);
    assert(!registered.some(({ name }) => name.includes('gpus')));
    assert.equal(site?.construct.node.tryFindChild('gpus'), undefined);
  });
});
