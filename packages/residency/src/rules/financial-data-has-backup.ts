import { carries } from '../flow';
import { compliant, notApplicable, type Rule, violation } from '../rule';

/**
 * Consumer and transaction data has a backup in a separate location: CBUAE Consumer Protection
 * Standards 6.1.6.3. Whether another availability zone is a separate location is not verified, so it
 * is read strictly here: a backup at the place that it copies is refused.
 */
export const financialDataHasBackup: Rule = {
  id: 'financial-data-has-backup',
  title: 'financial consumer and transaction data has a backup in a separate location',
  sources: [
    {
      title: 'CBUAE Consumer Protection Standards, 6.1.6.3',
      where: 'cbuae.thomsonreuters.com',
      standing: 'primary',
      read: '2026-11-22',
    },
    {
      title: 'Strict reading: another availability zone of one region is no separate location',
      where: 'inferred by Manara',
      standing: 'computed',
      read: '2026-11-22',
    },
  ],
  check(flow) {
    if (flow.kind !== 'backup' || !carries(flow, 'financial')) return notApplicable;
    if (flow.status === 'undeclared') return notApplicable;
    if (flow.status === 'absent') {
      return violation(
        `financial consumer data at ${flow.at} has no backup: "${flow.reason}"`,
        `declare a backup in the UAE, at another place than ${flow.at}`,
      );
    }
    if (flow.from.place !== flow.to.place) return compliant;
    return violation(
      `the backup "${flow.to.name}" is at ${flow.to.place}, the place of the data that it copies`,
      `back up to another place in the UAE than ${flow.to.place}`,
    );
  },
};
