/**
 * Type tests: a place outside its zone does not compile. Nothing here runs; `tsc -b` fails where an
 * expected error is not there, and where an error is that is not expected.
 */
import { none, ResidencyZone } from '@manara/constructs';
import { DataClass, Jurisdiction } from '@manara/residency';
import { App } from 'cdk8s';
import {
  CpuNodePool,
  EfaDevicePlugin,
  EksServingCluster,
  FailoverRecord,
  GpuNodePool,
  ImageRegistry,
  KarpenterPrerequisites,
  ModelBucket,
  ServingKeys,
  ServingNetwork,
} from '../../src';
import { zone as newZone } from '../support/fixtures';

const home = 'aws:me-central-1';
const away = 'aws:eu-west-1';

function newZoneAbroad() {
  return new ResidencyZone(new App(), 'abroad', {
    jurisdiction: Jurisdiction.DIFC,
    places: [away],
    data: [DataClass.PERSONAL],
  });
}

/** What compiles: every place one of the zone's, whichever. */
function valid() {
  const zone = newZone();
  const keys = new ServingKeys('keys', { zone, place: home });
  const availabilityZones = ['mec1-az1', 'mec1-az2'];
  const cidr = '10.20.0.0/16';
  const network = new ServingNetwork('net', { zone, place: home, keys, cidr, availabilityZones });
  const cluster = new EksServingCluster('dubai', {
    zone,
    place: home,
    keys,
    network,
    version: '1.34',
    access: { platform: { role: 'cluster-admin', principalArn: 'arn' } },
  });
  new ModelBucket('models', { zone, place: home, keys, network });
  const repositories = ['manara-server', 'efa'];
  const images = new ImageRegistry('images', { zone, place: home, keys, repositories });
  new EfaDevicePlugin('efa', { cluster, images, image: { name: 'efa', tag: 'v1' } });
  new CpuNodePool('web', { cluster, instanceTypes: ['m7i.large'], nodes: { min: 1, max: 2 } });
  new KarpenterPrerequisites('karpenter', { cluster });
  new GpuNodePool('l4', { cluster, instanceTypes: ['g6.xlarge'], nodes: { min: 1, max: 2 } });
  return { zone, keys, network, cluster, cidr, availabilityZones };
}

export function componentsRefuseForeignPlaces(): void {
  const { zone, keys, network, cidr, availabilityZones } = valid();
  // @ts-expect-error keys outside the zone
  new ServingKeys('a', { zone, place: away });
  // @ts-expect-error a network outside the zone
  new ServingNetwork('b', { zone, place: away, keys, cidr, availabilityZones });
  // @ts-expect-error a bucket outside the zone
  new ModelBucket('c', { zone, place: away, keys, network });
  // @ts-expect-error a registry outside the zone
  new ImageRegistry('d', { zone, place: away, keys, repositories: ['x'] });
  // @ts-expect-error a cluster outside the zone
  new EksServingCluster('e', { zone, place: away, keys, network, version: '1.34', access: {} });
  // @ts-expect-error a region without its cloud
  new ServingKeys('f', { zone, place: 'me-central-1' });
}

export function flowsRefuseForeignPlaces(): void {
  const { zone, keys, network, cluster, cidr, availabilityZones } = valid();
  new ServingNetwork('g', {
    zone,
    place: home,
    keys,
    cidr,
    availabilityZones,
    // @ts-expect-error a way out to a place outside the zone
    internet: { why: 'x', to: [{ name: 'x', place: away, addresses: ['192.0.2.0/24'] }] },
  });
  new ServingNetwork('k', {
    zone,
    place: home,
    keys,
    cidr,
    availabilityZones,
    // @ts-expect-error a network outside the zone that reaches the endpoints
    endpointClients: { away: { place: away, range: '10.40.0.0/16' } },
  });
  const abroad = newZoneAbroad();
  const farKeys = new ServingKeys('m', { zone: abroad, place: away });
  const far = new ImageRegistry('n', {
    zone: abroad,
    place: away,
    keys: farKeys,
    repositories: ['efa'],
  });
  // @ts-expect-error images from a registry outside the zone
  new EfaDevicePlugin('o', { cluster, images: far, image: { name: 'efa', tag: 'v1' } });
  const pods = { name: 'x', namespace: 'x', serviceAccounts: ['x'], issuer: 'https://x' };
  const models = new ModelBucket('l', { zone, place: home, keys, network });
  // @ts-expect-error readers outside the zone
  models.grantReadTo({ ...pods, place: away });
  // @ts-expect-error a trail that writes outside the zone
  new ModelBucket('h', { zone, place: home, keys, network, trail: { name: 'x', place: away } });
  new FailoverRecord('i', {
    zone,
    place: home,
    dns: none('public'),
    hostedZoneId: 'Z1',
    domain: 'a.example',
    alarmName: 'a',
    primary: { place: home, values: ['192.0.2.1'] },
    // @ts-expect-error a standby outside the zone
    standby: { place: away, values: ['192.0.2.2'] },
  });
  // @ts-expect-error a name kept abroad, without a word of why
  new FailoverRecord('j', {
    zone,
    place: home,
    hostedZoneId: 'Z1',
    domain: 'a.example',
    alarmName: 'a',
    primary: { place: home, values: ['192.0.2.1'] },
    standby: { place: 'azure:uaenorth', values: ['192.0.2.2'] },
  });
}
