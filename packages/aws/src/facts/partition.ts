import type { Source } from '@manara/residency';

/** The regions of the partition `aws`, of which ARNs and service principals are written here. */
const region = /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/;

export const partitionSource: Source = {
  title: 'botocore 1.44.5, data/partitions.json: regionRegex of the partition aws',
  where: 'botocore on PyPI',
  standing: 'primary',
  read: '2026-11-22',
};

/** Whether a region is in the partition `aws`, and not in one of China, Europe or a government. */
export function isInPartition(name: string): boolean {
  return region.test(name);
}
