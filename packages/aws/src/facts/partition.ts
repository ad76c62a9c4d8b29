import type { Source } from '@manara/residency';

/** Beginnings of the regions that other partitions have; all others are in `aws`. */
const otherPartitions = ['aws:cn-', 'aws:us-gov-', 'aws:eusc-', 'aws:us-iso'];

export const partitionSource: Source = {
  title: 'botocore 1.44.5, data/partitions.json: regionRegex of each partition',
  where: 'botocore on PyPI',
  standing: 'primary',
  read: '2026-11-22',
};

/** Whether a place may be in the partition `aws`: ARNs and service principals differ in the others. */
export function isInPartition(place: string): boolean {
  return !otherPartitions.some((beginning) => place.startsWith(beginning));
}
