import type { ResidencyZone } from '@manara/constructs';
import { ServingKeys, ServingNetwork } from '../../src';
import { home, type UaePlace, zone as newZone } from './fixtures';

/** What every component is given. */
export interface Base {
  readonly zone: ResidencyZone<UaePlace>;
  readonly place: typeof home;
  readonly resourceGroupName: string;
}

export function base(zone: ResidencyZone<UaePlace> = newZone()): Base {
  return { zone, place: home, resourceGroupName: 'serving' };
}

export const cidr = '10.30.0.0/16';

export function network(on: Base, name = 'net'): ServingNetwork<UaePlace> {
  return new ServingNetwork(name, { ...on, place: home, cidr });
}

/** What most components stand on. */
export interface Site extends Base {
  readonly network: ServingNetwork<UaePlace>;
  readonly keys: ServingKeys<UaePlace>;
}

export function site(on: Base = base(), net = network(on)): Site {
  return {
    ...on,
    network: net,
    keys: new ServingKeys('keys', { ...on, place: home, network: net }),
  };
}
