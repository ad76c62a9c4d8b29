import { places } from '@manara/residency';
import { placedAt, untold } from '../placement';
import { text } from '../read';
import type { CloudReader } from './cloud';

export const gcp: CloudReader = {
  package: 'gcp',
  placementOf({ props, provider }) {
    const location = [props.location, props.region, props.zone, provider?.props.region]
      .map(text)
      .find((one) => one !== undefined);
    if (location !== undefined) return placedAt(`gcp:${regionOf(location)}`);
    return untold(
      'neither it nor its provider names a location',
      'write its location, region or zone; no Google Cloud region is in the UAE',
    );
  },
  placeNamedIn(leaf) {
    const place = `gcp:${regionOf(leaf)}`;
    return Object.hasOwn(places, place) ? place : undefined;
  },
};

/** `europe-west1-b` is a zone of `europe-west1`. */
function regionOf(location: string): string {
  return location.replace(/^([a-z]+-[a-z]+\d+)-[a-z]$/, '$1');
}
