import { hostOf, places, regionOfHost } from '@manara/residency';
import { isControlPlane } from '../facts/aws-control-plane';
import { placelessService } from '../facts/placeless-services';
import { placedAt, placeless, untold } from '../placement';
import { text } from '../read';
import type { CloudReader } from './cloud';

const regionName = '(?<region>[a-z]{2,4}(?:-[a-z]+)+-\\d)';

/** Texts whose region is one, whether the table of places has it or not. */
const forms: readonly RegExp[] = [
  // `arn:aws:rds:eu-west-1:111122223333:db:ledger`; the region of a bucket's and of a role's is empty.
  new RegExp(`^arn:aws[\\w-]*:[\\w-]+:${regionName}:`),
  // The service of a VPC endpoint: `com.amazonaws.eu-west-1.s3`.
  new RegExp(`^com\\.amazonaws\\.${regionName}\\.`),
];
/** A region, or an availability zone of one. */
const region = new RegExp(`^${regionName}[a-f]?$`);

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
    for (const form of forms) {
      const named = form.exec(leaf)?.groups?.region;
      if (named !== undefined) return `aws:${named}`;
    }
    const place = `aws:${region.exec(leaf)?.groups?.region ?? ''}`;
    if (Object.hasOwn(places, place)) return place;
    return /^https?:/.test(leaf) ? regionOfHost(hostOf(leaf) ?? '')?.place : undefined;
  },
};
