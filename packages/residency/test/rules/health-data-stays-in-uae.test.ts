import { DataClass, Jurisdiction } from '../../src';
import { violation } from '../../src/rule';
import { healthDataStaysInUae } from '../../src/rules/health-data-stays-in-uae';
import { absentFlow, flowOf, verdicts } from '../support';

const health = flowOf({ dataClasses: [DataClass.PERSONAL, DataClass.HEALTH] });
const abroad = flowOf({ ...health, to: { name: 'trace sink', place: 'aws:me-south-1' } });
const refused = violation(
  '"trace sink" is at aws:me-south-1, outside the UAE; health data may not be transferred, stored, generated or processed there, transfer basis or not',
  'move it to a place in the UAE; the exceptions of Ministerial Decision 51/2021 are conditional and are not modelled',
);

verdicts(healthDataStaysInUae, [
  { name: 'health data inside the UAE', flow: health, verdict: 'compliant' },
  { name: 'health data in Bahrain', flow: abroad, verdict: refused },
  {
    name: 'a transfer basis does not help',
    zone: { transfers: [{ to: 'aws:me-south-1', basis: 'PDPL Art 23(1)', evidence: 'x' }] },
    flow: abroad,
    verdict: refused,
  },
  {
    name: 'a free zone is no way out',
    zone: { jurisdiction: Jurisdiction.DIFC },
    flow: abroad,
    verdict: refused,
  },
  {
    name: 'on premises in a free zone',
    zone: { onPremises: { 'onprem:clinic': Jurisdiction.ADGM } },
    flow: flowOf({ ...health, to: { name: 'trace sink', place: 'onprem:clinic' } }),
    verdict: 'compliant',
  },
  {
    name: 'personal data alone',
    flow: flowOf({ to: { name: 'trace sink', place: 'aws:me-south-1' } }),
    verdict: 'not-applicable',
  },
  {
    name: 'an absent flow',
    flow: absentFlow({ dataClasses: [DataClass.HEALTH] }),
    verdict: 'not-applicable',
  },
]);
