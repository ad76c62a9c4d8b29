import { places } from '@manara/residency';
import { isControlPlane } from '../facts/aws-control-plane';
import { placelessService } from '../facts/placeless-services';
import { placedAt, placeless, untold } from '../placement';
import { text } from '../read';
import type { CloudReader } from './cloud';

/** `arn:aws:rds:eu-west-1:111122223333:db:ledger`; the region is empty in a bucket's and in a role's. */
const arn = /^arn:aws[\w-]*:[\w-]+:(?<region>[a-z]{2,4}(?:-[a-z]+)+-\d):/;
/** A region, or an availability zone of one. */
const region = /^(?<region>[a-z]{2,4}(?:-[a-z]+)+-\d)[a-f]?$/;

export const aws: CloudReader = {
  package: 'aws',
  placementOf(resource) {
    const { props, provider, type } = resource;
    // A service that has no place at all is for the rule `service-has-a-place`.
    if (isControlPlane(resource) || placelessService(type) !== undefined) return placeless;
    const at = text(props.region) ?? text(provider?.props.region);
    if (at !== undefined) return placedAt(`aws:${at}`);
    return untold(
      'neither it nor its provider names a region',
      'pulumi config set aws:region, or region: of its provider or of its own arguments',
    );
  },
  placeNamedIn(leaf) {
    const named = (arn.exec(leaf) ?? region.exec(leaf))?.groups?.region;
    if (named === undefined) return undefined;
    // An ARN's region is a region; of other texts only those are taken that the table has.
    return leaf.startsWith('arn:') || Object.hasOwn(places, `aws:${named}`)
      ? `aws:${named}`
      : undefined;
  },
};
