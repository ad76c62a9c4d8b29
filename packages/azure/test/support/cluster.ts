import { none } from '@manara/constructs';
import { AksServingCluster, ImageRegistry } from '../../src';
import type { UaePlace } from './fixtures';
import { base, type Base, site, type Site } from './stack';

/** A cluster and all that it stands on, at the tests' home whatever `on` says. */
export function cluster(args: object = {}, on: Base = base()): AksServingCluster<UaePlace> {
  return clusterOn(site({ ...on, place: 'azure:uaenorth' }), { ...on, ...args });
}

/** A cluster on what is there. */
export function clusterOn(stands: Site, args: object = {}): AksServingCluster<UaePlace> {
  const registry = new ImageRegistry('images', { ...stands, systemImages: none('accepted') });
  return new AksServingCluster('aks', {
    ...stands,
    registry,
    adminGroupObjectIds: ['admins'],
    systemVmSize: 'Standard_D4s_v5',
    ...args,
  });
}
