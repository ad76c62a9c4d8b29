import assert from 'node:assert/strict';
import { none } from '@manara/constructs';
import { lateFaults, type Stand } from '@manara/pulumi-testing';
import { output } from '@pulumi/pulumi';
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
} from '../src';
import { record } from './support/fixtures';
import { admin, base, type Base, cluster, network, uaeZones } from './support/stack';

const late = output('x');
const number = output(1);
const nodes = { min: 1, max: 2 };

/** Every component, and where a late value must not stand in its arguments. */
const every: Readonly<
  Record<string, readonly [stand: Stand<Base>, shape: Readonly<Record<string, object>>]>
> = {
  ServingKeys: [
    (on) => (name, args) => new ServingKeys(name, { ...on, ...args }),
    {
      place: { place: late },
      deletionWindowDays: { deletionWindowDays: number },
      rotationDays: { rotationDays: number },
    },
  ],
  ServingNetwork: [
    (on) => (name, args) =>
      new ServingNetwork(name, {
        ...on,
        cidr: '10.24.0.0/16',
        availabilityZones: uaeZones,
        ...args,
      }),
    {
      place: { place: late },
      cidr: { cidr: late },
      availabilityZones: { availabilityZones: late },
      'availabilityZones.0': { availabilityZones: [late, 'mec1-az2'] },
      peers: { peers: late },
      'peers.hub': { peers: { hub: late } },
      addressesPerZone: { addressesPerZone: number },
      'services.0': { services: [late] },
      'internet.to.0.addresses.0': {
        internet: { why: 'x', to: [{ name: 'x', place: 'azure:uaenorth', addresses: [late] }] },
      },
      logRetentionDays: { logRetentionDays: number },
    },
  ],
  ModelBucket: [
    (on) => {
      const net = network(on);
      return (name, args) => new ModelBucket(name, { ...on, network: net, ...args });
    },
    {
      place: { place: late },
      'lock.days': { lock: { mode: 'governance', days: number } },
      'lock.mode': { lock: { mode: late, days: 1 } },
      'trail.place': { trail: { name: 'x', place: late } },
    },
  ],
  ImageRegistry: [
    (on) => (name, args) => new ImageRegistry(name, { ...on, repositories: ['x'], ...args }),
    {
      place: { place: late },
      'repositories.0': { repositories: [late] },
      untaggedDays: { untaggedDays: number },
    },
  ],
  EksServingCluster: [
    (on) => {
      const net = network(on);
      return (name, args) =>
        new EksServingCluster(name, {
          ...on,
          network: net,
          version: '1.34',
          access: { platform: { role: 'cluster-admin', principalArn: admin } },
          ...args,
        });
    },
    {
      place: { place: late },
      version: { version: late },
      'access.a.role': { access: { a: { role: late, principalArn: admin } } },
      'apiClients.0': { apiClients: [late] },
      serviceCidr: { serviceCidr: late },
      access: { access: late },
      tags: { tags: late },
      'systemNodes.instanceTypes.0': { systemNodes: { instanceTypes: [late] } },
      'systemNodes.nodes.max': { systemNodes: { nodes: { min: 1, max: number } } },
      'quotas.cores': { quotas: { cores: number } },
      logRetentionDays: { logRetentionDays: number },
    },
  ],
  CpuNodePool: [
    (on) => {
      const eks = cluster(on);
      return (name, args) =>
        new CpuNodePool(name, { cluster: eks, instanceTypes: ['m7i.large'], nodes, ...args });
    },
    {
      instanceTypes: { instanceTypes: late },
      'instanceTypes.0': { instanceTypes: [late] },
      'nodes.min': { nodes: { min: number, max: 2 } },
      'spot.max': { spot: { max: number } },
      'availabilityZones.0': { availabilityZones: [late] },
      diskGiB: { diskGiB: number },
    },
  ],
  GpuNodePool: [
    (on) => {
      const eks = cluster(on);
      return (name, args) =>
        new GpuNodePool(name, { cluster: eks, instanceTypes: ['g6.xlarge'], nodes, ...args });
    },
    {
      'instanceTypes.0': { instanceTypes: [late] },
      'nodes.max': { nodes: { min: 1, max: number } },
      efa: { efa: output(true) },
    },
  ],
  EfaDevicePlugin: [
    (on) => {
      const eks = cluster(on);
      const images = new ImageRegistry('images', { ...on, repositories: ['efa'] });
      const image = { name: 'efa', tag: 'v1' };
      return (name, args) => new EfaDevicePlugin(name, { cluster: eks, images, image, ...args });
    },
    {
      'image.name': { image: { name: late, tag: 'v1' } },
      'image.tag': { image: { name: 'efa', tag: late } },
      'image.digest': { image: { name: 'efa', tag: 'v1', digest: late } },
      privileged: { privileged: output(true) },
    },
  ],
  KarpenterPrerequisites: [
    (on) => {
      const of = cluster(on, { network: network(on, { services: ['sqs', 'ssm'] }) });
      return (name, args) => new KarpenterPrerequisites(name, { cluster: of, ...args });
    },
    {
      namespace: { namespace: late },
      serviceAccount: { serviceAccount: late },
      diskGiB: { diskGiB: number },
    },
  ],
  Guardrails: [
    ({ zone }) =>
      (name, args) =>
        new Guardrails(name, { zone, targets: { serving: 'ou-1' }, ...args }),
    { targets: { targets: late }, 'tags.team': { tags: { team: late } } },
  ],
  FailoverRecord: [
    (on) => (name, args) =>
      new FailoverRecord(name, {
        ...on,
        dns: none('public'),
        hostedZoneId: 'Z1',
        domain: 'fraud.bank.example',
        alarmName: 'fraud',
        primary: { place: 'aws:me-central-1', values: ['192.0.2.1'] },
        standby: { place: 'azure:uaenorth', values: ['192.0.2.2'] },
        ...args,
      }),
    {
      place: { place: late },
      domain: { domain: late },
      type: { type: late },
      'standby.place': { standby: { place: late, values: ['192.0.2.2'] } },
      ttlSeconds: { ttlSeconds: number },
    },
  ],
};

describe('a late value where shape is needed', () => {
  for (const [component, [stand, shape]] of Object.entries(every)) {
    it(`is refused by ${component}, before anything is registered`, async () => {
      const type = `manara:aws:${component}`;
      assert.deepEqual(await lateFaults({ type, base, stand, shape, record }), []);
    });
  }
});
