import { places } from '@manara/residency';
import { placedAt, untold } from '../placement';
import { text } from '../read';
import type { CloudReader } from './cloud';

export const oci: CloudReader = {
  package: 'oci',
  placementOf({ provider }) {
    const region = text(provider?.props.region);
    if (region !== undefined) return placedAt(`oci:${region}`);
    return untold('its provider names no region', 'pulumi config set oci:region');
  },
  placeNamedIn(leaf) {
    return Object.hasOwn(places, `oci:${leaf}`) ? `oci:${leaf}` : undefined;
  },
};
