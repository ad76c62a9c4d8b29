import { awsTypes, documented, type PolicyRule } from '../policy-rule';

/** A multi-region key's material may be replicated to any region, by whoever may replicate it. */
export const kmsKeyIsSingleRegion: PolicyRule = {
  id: 'kms-key-is-single-region',
  title: 'key material stays in one region',
  sources: [
    documented(awsTypes, 'kms.Key, multiRegion; kms.ReplicaKey'),
    {
      title: 'Multi-Region keys: deny unless every target is in the zone',
      where: 'inferred by Manara',
      standing: 'computed',
      read: '2026-11-22',
    },
  ],
  types: ['aws:kms:Key', 'aws:kms:ExternalKey', 'aws:kms:ReplicaKey', 'aws:kms:ReplicaExternalKey'],
  *check({ type, props }) {
    if (type.includes(':Replica')) {
      yield {
        because: 'it is a replica of a multi-region key',
        fix: 'make a key of its own in each region: aws.kms.Key',
      };
    } else if (props.multiRegion === true) {
      yield {
        because: 'multiRegion: true lets its material be replicated to any region',
        fix: 'leave multiRegion out',
      };
    }
  },
};
