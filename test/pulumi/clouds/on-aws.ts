import {
  CpuNodePool,
  EfaDevicePlugin,
  EksServingCluster,
  FailoverRecord,
  GpuNodePool,
  Guardrails,
  ImageRegistry,
  KarpenterPrerequisites,
  ModelBucket,
  ServingKeys,
  ServingNetwork,
} from '@manara/aws';
import { none } from '@manara/constructs';
import type { Zone } from './zone';

const place = 'aws:me-central-1';

/** One of each component of `@manara/aws`. */
export function onAws(zone: Zone, maxNodes: number): void {
  const on = { zone, place, keys: new ServingKeys('keys', { zone, place }) } as const;
  const network = new ServingNetwork('net', {
    ...on,
    cidr: '10.20.0.0/16',
    availabilityZones: ['mec1-az1', 'mec1-az2', 'mec1-az3'],
    services: ['sqs', 'ssm'], // for Karpenter
    internet: {
      why: 'the scoring bureau has no private address',
      to: [{ name: 'bureau', place, addresses: ['192.0.2.0/24'] }],
    },
  });
  const principalArn = 'arn:aws:iam::111122223333:role/platform';
  const cluster = new EksServingCluster('dubai', {
    ...on,
    network,
    version: '1.34',
    access: { platform: { role: 'cluster-admin', principalArn } },
    apiClients: ['10.40.0.0/24'],
  });
  new ModelBucket('models', { ...on, network }).grantRead(cluster, {
    namespace: 'bank',
    serviceAccount: 'fraud',
  });
  const plugin = 'aws-efa-k8s-device-plugin';
  const images = new ImageRegistry('images', { ...on, repositories: ['manara-server', plugin] });
  new KarpenterPrerequisites('karpenter', { cluster });
  const pool = { cluster, nodes: { min: 1, max: maxNodes } };
  new CpuNodePool('web', { ...pool, instanceTypes: ['m7i.large'], spot: { max: 2 } });
  new GpuNodePool('p5', {
    ...pool,
    instanceTypes: ['p5en.48xlarge'],
    availabilityZones: ['mec1-az1'],
    efa: true,
  });
  new EfaDevicePlugin('efa', { cluster, images, image: { name: plugin, tag: 'v0.5.20' } });
  new Guardrails('rails', { zone, targets: { serving: 'ou-abcd-11112222' } });
  new FailoverRecord('fraud', {
    ...on,
    dns: none('names are public'),
    hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    domain: 'fraud.bank.example',
    alarmName: 'fraud',
    primary: { place, values: ['192.0.2.1'] },
    standby: { place: 'azure:uaenorth', values: ['192.0.2.2'] },
  });
}
