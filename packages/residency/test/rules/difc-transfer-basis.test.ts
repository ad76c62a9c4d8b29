import { DataClass, Jurisdiction, type OnPremPlace, type Transfer } from '../../src';
import { violation } from '../../src/rule';
import { difcTransferBasis } from '../../src/rules/difc-transfer-basis';
import { absentFlow, flowOf, verdicts } from '../support';

const here: OnPremPlace = 'onprem:here';
const zone = {
  jurisdiction: Jurisdiction.DIFC,
  onPremises: { [here]: Jurisdiction.DIFC, 'onprem:there': Jurisdiction.ADGM },
} as const;
const site = { name: 'site', place: here };
const onshore = flowOf({ from: site, to: { name: 'log sink', place: 'aws:me-central-1' } });
const onBasis = (basis: string): { transfers: readonly Transfer[] } => ({
  transfers: [{ to: 'aws:me-central-1', basis, evidence: 'contract 17' }],
});
const fix =
  'add a transfer to "aws:me-central-1" to the zone, with a basis such as "DIFC DPL Art 27" and its evidence; or keep the flow inside Dubai International Financial Centre';

verdicts(difcTransferBasis, [
  {
    name: 'personal data inside the DIFC',
    zone,
    flow: flowOf({ from: site, to: { name: 'log sink', place: here } }),
    verdict: 'compliant',
  },
  ...['DIFC DPL Art 26', 'DIFC DPL Art 27(2)(a)'].map((basis) => ({
    name: `onshore on the basis "${basis}"`,
    zone: { ...zone, ...onBasis(basis) },
    flow: onshore,
    verdict: 'compliant' as const,
  })),
  ...[DataClass.PERSONAL, DataClass.HEALTH, DataClass.FINANCIAL].map((dataClass) => ({
    name: `${dataClass.title} onshore without a basis`,
    zone,
    flow: flowOf({ ...onshore, dataClasses: [dataClass] }),
    verdict: violation(
      '"log sink" is at aws:me-central-1, outside DIFC, and the zone states no transfer basis for it',
      fix,
    ),
  })),
  ...['PDPL Art 23(1)', 'DIFC DPL Art 28'].map((basis) => ({
    name: `onshore on "${basis}"`,
    zone: { ...zone, ...onBasis(basis) },
    flow: onshore,
    verdict: violation(
      `"log sink" is at aws:me-central-1, outside DIFC, and its transfer basis cites none of DIFC DPL Art 26 or 27: "${basis}"`,
      fix,
    ),
  })),
  {
    name: 'the other free zone without a basis',
    zone,
    flow: flowOf({ from: site, to: { name: 'log sink', place: 'onprem:there' } }),
    verdict: violation(
      '"log sink" is at onprem:there, outside DIFC, and the zone states no transfer basis for it',
      fix.replace('aws:me-central-1', 'onprem:there'),
    ),
  },
  { name: 'an onshore zone', flow: onshore, verdict: 'not-applicable' },
  {
    name: 'public data',
    zone,
    flow: flowOf({ ...onshore, dataClasses: [DataClass.PUBLIC] }),
    verdict: 'not-applicable',
  },
  { name: 'an absent flow', zone, flow: absentFlow(), verdict: 'not-applicable' },
]);
