import assert from 'node:assert/strict';
import { ModelBucket as ModelStore, none, Peer } from '@manara/constructs';
import { lateFaults, type Stand } from '@manara/pulumi-testing';
import { output } from '@pulumi/pulumi';
import { Duration } from 'cdk8s';
import {
  AksServingCluster,
  CpuNodePool,
  FailoverRecord,
  GpuNodePool,
  Guardrails,
  ImageRegistry,
  ModelBucket,
  ServingKeys,
  ServingNetwork,
} from '../src';
import { cluster } from './support/cluster';
import { record } from './support/fixtures';
import { offerings } from './support/skus';
import { base, type Base, network, site } from './support/stack';

const late = output('x');
const number = output(1);
const nodes = { min: 1, max: 2 };
const original = new ModelStore({
  place: 'aws:me-central-1',
  uri: 's3://models',
  peer: Peer.addresses('10.20.0.0/24'),
});

/** Every component, and where a late value must not stand in its arguments. */
const every: Readonly<
  Record<string, readonly [stand: Stand<Base>, shape: Readonly<Record<string, object>>]>
> = {
  ServingNetwork: [
    (on) => (name, args) => new ServingNetwork(name, { ...on, cidr: '10.31.0.0/16', ...args }),
    {
      place: { place: late },
      cidr: { cidr: late },
      peers: { peers: late },
      'peers.hub': { peers: { hub: late } },
      endpointClients: { endpointClients: late },
      'endpointClients.dubai.place': {
        endpointClients: { dubai: { place: late, range: '10.20.0.0/16' } },
      },
      'endpointClients.dubai.range': {
        endpointClients: { dubai: { place: 'aws:me-central-1', range: late } },
      },
      nodes: { nodes: number },
      'internet.to.0.addresses.0': {
        internet: { why: 'x', to: [{ name: 'x', place: 'azure:uaenorth', addresses: [late] }] },
      },
      logRetentionDays: { logRetentionDays: number },
    },
  ],
  ServingKeys: [
    (on) => {
      const net = network(on);
      return (name, args) => new ServingKeys(name, { ...on, network: net, ...args });
    },
    {
      place: { place: late },
      protection: { protection: late },
      deletionWindowDays: { deletionWindowDays: number },
      rotationDays: { rotationDays: number },
    },
  ],
  ImageRegistry: [
    (on) => {
      const stands = site(on);
      return (name, args) => new ImageRegistry(name, { ...stands, ...args });
    },
    {
      place: { place: late },
      untaggedDays: { untaggedDays: number },
      quarantine: { quarantine: output(true) },
    },
  ],
  AksServingCluster: [
    (on) => {
      const stands = site(on);
      const registry = new ImageRegistry('images', { ...stands, systemImages: none('accepted') });
      return (name, args) =>
        new AksServingCluster(name, {
          ...stands,
          registry,
          adminGroupObjectIds: ['admins'],
          systemVmSize: 'Standard_D4s_v5',
          ...args,
        });
    },
    {
      place: { place: late },
      adminGroupObjectIds: { adminGroupObjectIds: late },
      systemVmSize: { systemVmSize: late },
      systemNodes: { systemNodes: number },
      kubernetesVersion: { kubernetesVersion: late },
      podCidr: { podCidr: late },
      serviceCidr: { serviceCidr: late },
      login: { login: late },
      'quotas.cores': { quotas: { cores: number } },
      tags: { tags: late },
    },
  ],
  ModelBucket: [
    (on) => {
      const stands = site(on);
      return (name, args) => new ModelBucket(name, { ...stands, ...args });
    },
    {
      place: { place: late },
      replication: { replication: late },
      immutableDays: { immutableDays: number },
      'copy.from': { copy: { from: late, every: Duration.minutes(10) } },
      'copy.every': { copy: { from: original, every: number } },
    },
  ],
  CpuNodePool: [
    (on) => {
      const aks = cluster({}, on);
      return (name, args) =>
        new CpuNodePool(name, {
          ...on,
          cluster: aks,
          vmSize: 'Standard_D8s_v5',
          nodes,
          ...args,
        });
    },
    {
      place: { place: late },
      vmSize: { vmSize: late },
      'nodes.min': { nodes: { min: number, max: 2 } },
      'nodes.max': { nodes: { min: 1, max: number } },
      'spot.floor': { spot: { floor: number } },
      'zones.0': { zones: [late] },
      quotaVcpus: { quotaVcpus: number },
      'taints.0': { taints: [late] },
      labels: { labels: late },
      diskGib: { diskGib: number },
    },
  ],
  GpuNodePool: [
    (on) => {
      const aks = cluster({}, on);
      return (name, args) =>
        new GpuNodePool(name, {
          ...on,
          cluster: aks,
          vmSize: 'Standard_NC24ads_A100_v4',
          nodes,
          offerings,
          ...args,
        });
    },
    {
      vmSize: { vmSize: late },
      'nodes.max': { nodes: { min: 1, max: number } },
      offerings: { offerings: output(offerings) },
    },
  ],
  Guardrails: [
    ({ zone, place }) =>
      (name, args) =>
        new Guardrails(name, { zone, place, scope: '/subscriptions/x', ...args }),
    { place: { place: late }, exempt: { exempt: late } },
  ],
  FailoverRecord: [
    (on) => (name, args) =>
      new FailoverRecord(name, {
        ...on,
        dns: none('accepted'),
        label: 'bank-serving',
        endpoints: [
          { name: 'dubai', place: 'azure:uaenorth', target: 'dubai.bank.example' },
          { name: 'aws', place: 'aws:me-central-1', target: 'aws.bank.example' },
        ],
        ...args,
      }),
    {
      place: { place: late },
      label: { label: late },
      'endpoints.0.name': { endpoints: [{ name: late, place: 'azure:uaenorth', target: 'x' }] },
      'endpoints.0.place': { endpoints: [{ name: 'x', place: late, target: 'x' }] },
      healthPath: { healthPath: late },
      ttlSeconds: { ttlSeconds: number },
    },
  ],
};

describe('a late value where shape is needed', () => {
  for (const [component, [stand, shape]] of Object.entries(every)) {
    it(`is refused by ${component}, before anything is registered`, async () => {
      const type = `manara:azure:${component}`;
      assert.deepEqual(await lateFaults({ type, base, stand, shape, record }), []);
    });
  }
});
