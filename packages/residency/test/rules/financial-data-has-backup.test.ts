import { DataClass } from '../../src';
import { violation } from '../../src/rule';
import { financialDataHasBackup } from '../../src/rules/financial-data-has-backup';
import { absentFlow, flowOf, undeclaredFlow, verdicts } from '../support';

const dataClasses = [DataClass.FINANCIAL];
const backup = flowOf({ kind: 'backup', dataClasses });

verdicts(financialDataHasBackup, [
  { name: 'a backup at another place', flow: backup, verdict: 'compliant' },
  {
    name: 'a backup at the place that it copies',
    flow: flowOf({ ...backup, to: { name: 'vault', place: 'aws:me-central-1' } }),
    verdict: violation(
      'the backup "vault" is at aws:me-central-1, the place of the data that it copies',
      'back up to another place in the UAE than aws:me-central-1',
    ),
  },
  {
    name: 'no backup',
    flow: absentFlow({ kind: 'backup', dataClasses }),
    verdict: violation(
      'financial consumer data at aws:me-central-1 has no backup: "nothing is kept"',
      'declare a backup in the UAE, at another place than aws:me-central-1',
    ),
  },
  {
    name: 'a backup that nobody declared is for flow-is-declared',
    flow: undeclaredFlow({ kind: 'backup', dataClasses }),
    verdict: 'not-applicable',
  },
  {
    name: 'no backup of personal data',
    flow: absentFlow({ kind: 'backup' }),
    verdict: 'not-applicable',
  },
  {
    name: 'a standby at the same place',
    flow: flowOf({ ...backup, kind: 'standby', to: { name: 'b', place: 'aws:me-central-1' } }),
    verdict: 'not-applicable',
  },
]);
