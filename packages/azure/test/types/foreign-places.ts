/**
 * Type tests: a place outside its zone does not compile. Nothing here runs; `tsc -b` fails where an
 * expected error is not there, and where an error is that is not expected.
 */
import { none, Site } from '@manara/constructs';
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
} from '../../src';
import { zone as newZone } from '../support/fixtures';

const home = 'azure:uaenorth';
const away = 'azure:westeurope';
const cidr = '10.30.0.0/16';
const adminGroupObjectIds = ['admins'];
const systemVmSize = 'Standard_D4s_v5';
const cpu = { vmSize: 'Standard_D8s_v5', nodes: { min: 1, max: 2 } };
const gpu = { vmSize: 'Standard_NC4as_T4_v3', nodes: { min: 1, max: 2 }, offerings: [] };
const absent = {
  logs: none('x'),
  metrics: none('x'),
  traces: none('x'),
  backup: none('x'),
} as const;

/** What compiles: every place one of the zone's, whichever. */
function valid() {
  const zone = newZone();
  const at = { zone, resourceGroupName: 'serving' } as const;
  const network = new ServingNetwork('net', { ...at, place: home, cidr });
  const keys = new ServingKeys('keys', { ...at, place: home, network });
  const registry = new ImageRegistry('images', { ...at, place: home, network, keys });
  const of = { network, keys, registry, adminGroupObjectIds, systemVmSize };
  const cluster = new AksServingCluster('aks', { ...at, place: home, ...of });
  const models = new ModelBucket('models', { ...at, place: home, network, keys });
  models.mount(
    new Site(zone, 'dubai', { ...absent, place: home, images: registry.registry }),
    cluster,
  );
  new CpuNodePool('cpu', { ...at, place: home, cluster, ...cpu });
  new GpuNodePool('gpu', { ...at, place: home, cluster, ...gpu });
  new Guardrails('guard', { zone, place: home, scope: '/subscriptions/x' });
  return { zone, at, network, keys, registry, of, cluster };
}

export function componentsRefuseForeignPlaces(): void {
  const { zone, at, network, keys, of, cluster } = valid();
  // @ts-expect-error a network outside the zone
  new ServingNetwork('a', { ...at, place: away, cidr });
  // @ts-expect-error keys outside the zone
  new ServingKeys('b', { ...at, place: away, network });
  // @ts-expect-error a registry outside the zone
  new ImageRegistry('c', { ...at, place: away, network, keys });
  // @ts-expect-error a cluster outside the zone
  new AksServingCluster('d', { ...at, place: away, ...of });
  // @ts-expect-error a bucket outside the zone
  new ModelBucket('e', { ...at, place: away, network, keys });
  // @ts-expect-error a pool outside the zone
  new CpuNodePool('f', { ...at, place: away, cluster, ...cpu });
  // @ts-expect-error a GPU pool outside the zone
  new GpuNodePool('g', { ...at, place: away, cluster, ...gpu });
  // @ts-expect-error guardrails outside the zone
  new Guardrails('h', { zone, place: away, scope: '/subscriptions/x' });
  // @ts-expect-error a record outside the zone
  new FailoverRecord('i', { ...at, place: away, dns: none('x'), label: 'bank', endpoints: [] });
  // @ts-expect-error a region without its cloud
  new ServingNetwork('j', { ...at, place: 'uaenorth', cidr });
}

export function flowsRefuseForeignPlaces(): void {
  const { at } = valid();
  new ServingNetwork('k', {
    ...at,
    place: home,
    cidr,
    // @ts-expect-error a way out to a place outside the zone
    internet: { why: 'x', to: [{ name: 'x', place: away, addresses: ['192.0.2.0/24'] }] },
  });
  new ServingNetwork('m', {
    ...at,
    place: home,
    cidr,
    // @ts-expect-error a network outside the zone that reaches the endpoints
    endpointClients: { away: { place: away, range: '10.40.0.0/16' } },
  });
  new FailoverRecord('l', {
    ...at,
    place: home,
    dns: none('x'),
    label: 'bank',
    // @ts-expect-error a site outside the zone
    endpoints: [{ name: 'x', place: away, target: 'x.example' }],
  });
}
