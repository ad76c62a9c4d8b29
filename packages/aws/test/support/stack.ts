import type { ResidencyZone } from '@manara/constructs';
import {
  EksServingCluster,
  type EksServingClusterArgs,
  ServingKeys,
  ServingNetwork,
  type ServingNetworkArgs,
} from '../../src';
import { home, type UaePlace, zone as newZone } from './fixtures';

/** What most components stand on. */
export interface Base {
  readonly zone: ResidencyZone<UaePlace>;
  readonly place: typeof home;
  readonly keys: ServingKeys<UaePlace>;
}

export function base(zone: ResidencyZone<UaePlace> = newZone()): Base {
  return { zone, place: home, keys: new ServingKeys('keys', { zone, place: home }) };
}

export const uaeZones = ['mec1-az1', 'mec1-az2', 'mec1-az3'];

/** @param args of any shape, so that tests can pass what the compiler would refuse */
export function network(on: Base, args: object = {}, name = 'net'): ServingNetwork<UaePlace> {
  const usual: ServingNetworkArgs<UaePlace> = {
    ...on,
    cidr: '10.20.0.0/16',
    availabilityZones: uaeZones,
  };
  return new ServingNetwork(name, { ...usual, ...args });
}

export const admin = 'arn:aws:iam::111122223333:role/platform';

/** @param args of any shape, as in `network` */
export function cluster(on: Base, args: object = {}): EksServingCluster<UaePlace> {
  const given = args as Partial<EksServingClusterArgs<UaePlace>>;
  return new EksServingCluster('dubai', {
    ...on,
    version: '1.34',
    access: { platform: { role: 'cluster-admin', principalArn: admin } },
    ...given,
    network: given.network ?? network({ ...on, place: home }),
  });
}
