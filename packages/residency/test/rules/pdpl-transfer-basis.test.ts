import { DataClass, Jurisdiction, type Transfer } from '../../src';
import { violation } from '../../src/rule';
import { pdplTransferBasis } from '../../src/rules/pdpl-transfer-basis';
import { flowOf, undeclaredFlow, verdicts } from '../support';

const abroad = flowOf({ to: { name: 'log sink', place: 'aws:eu-west-1' } });
const onBasis = (basis: string): { transfers: readonly Transfer[] } => ({
  transfers: [{ to: 'aws:eu-west-1', basis, evidence: 'contract 17' }],
});
const fix =
  'add a transfer to "aws:eu-west-1" to the zone, with a basis such as "PDPL Art 23(1)" and its evidence; or keep the flow inside United Arab Emirates, onshore';

verdicts(pdplTransferBasis, [
  { name: 'personal data inside the UAE', flow: flowOf(), verdict: 'compliant' },
  {
    name: 'a free zone is not abroad',
    zone: { onPremises: { 'onprem:gate': Jurisdiction.DIFC } },
    flow: flowOf({ to: { name: 'log sink', place: 'onprem:gate' } }),
    verdict: 'compliant',
  },
  ...['PDPL Art 22', 'PDPL Art. 23(1)(b)', 'FDL 45/2021, Article 23'].map((basis) => ({
    name: `abroad on the basis "${basis}"`,
    zone: onBasis(basis),
    flow: abroad,
    verdict: 'compliant' as const,
  })),
  {
    name: 'abroad without a basis',
    flow: abroad,
    verdict: violation(
      '"log sink" is at aws:eu-west-1, outside AE-onshore, and the zone states no transfer basis for it',
      fix,
    ),
  },
  ...['GDPR Art 22', 'PDPL Art 20', 'consent'].map((basis) => ({
    name: `abroad on "${basis}"`,
    zone: onBasis(basis),
    flow: abroad,
    verdict: violation(
      `"log sink" is at aws:eu-west-1, outside AE-onshore, and its transfer basis cites none of PDPL Art 22 or 23: "${basis}"`,
      fix,
    ),
  })),
  {
    name: 'a building of one’s own that stands in no jurisdiction of the UAE',
    flow: flowOf({ from: { name: 'site', place: 'onprem:paris' } }),
    verdict: violation(
      '"site" is at onprem:paris, outside AE-onshore, and the zone states no transfer basis for it',
      fix.replace('aws:eu-west-1', 'onprem:paris'),
    ),
  },
  ...[DataClass.PUBLIC, DataClass.HEALTH, DataClass.FINANCIAL, DataClass.GOVERNMENT].map((c) => ({
    name: `${c.title} alone`,
    flow: flowOf({ ...abroad, dataClasses: [c] }),
    verdict: 'not-applicable' as const,
  })),
  {
    name: 'a DIFC zone',
    zone: { jurisdiction: Jurisdiction.DIFC },
    flow: abroad,
    verdict: 'not-applicable',
  },
  { name: 'an undeclared flow', flow: undeclaredFlow(), verdict: 'not-applicable' },
]);
