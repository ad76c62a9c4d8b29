import { places } from '@manara/residency';
import { hasLocation } from '../facts/azure-located-types';
import { placelessService } from '../facts/placeless-services';
import { placedAt, placeless, untold } from '../placement';
import { text } from '../read';
import type { CloudReader } from './cloud';

/** Names, which hold no content and are served from everywhere by nature. */
const names = ['azure-native:dns:', 'azure-native:privatedns:', 'azure-native:trafficmanager:'];

export const azure: CloudReader = {
  package: 'azure-native',
  placementOf({ props, provider, type }) {
    const isName = names.some((prefix) => type.startsWith(prefix));
    if (isName || placelessService(type) !== undefined) return placeless;
    const own = text(props.location);
    if (own === undefined && !hasLocation(type)) return placeless;
    const location = own ?? text(provider?.props.location);
    if (location === undefined) {
      return untold(
        'neither it nor its provider names a location',
        'write its location, or pulumi config set azure-native:location',
      );
    }
    return placedAt(`azure:${regionOf(location)}`);
  },
  placeNamedIn(leaf) {
    const place = `azure:${regionOf(leaf)}`;
    return Object.hasOwn(places, place) ? place : undefined;
  },
};

/** Azure takes a region's display name for its name: `UAE North` is `uaenorth`. */
function regionOf(location: string): string {
  return location.toLowerCase().replaceAll(' ', '');
}
