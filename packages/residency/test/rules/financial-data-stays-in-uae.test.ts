import { DataClass } from '../../src';
import { violation } from '../../src/rule';
import { financialDataStaysInUae } from '../../src/rules/financial-data-stays-in-uae';
import { flowOf, undeclaredFlow, verdicts } from '../support';

const financial = flowOf({ dataClasses: [DataClass.FINANCIAL] });
const abroad = flowOf({ ...financial, from: { name: 'bucket', place: 'alibaba:me-central-1' } });
const refused = violation(
  '"bucket" is at alibaba:me-central-1, outside the UAE; financial consumer data may not be held or shared there, transfer basis or not',
  "move it to a place in the UAE; sharing abroad needs the Central Bank's approval and the consumer's written consent, which are not modelled",
);

verdicts(financialDataStaysInUae, [
  { name: 'financial data inside the UAE', flow: financial, verdict: 'compliant' },
  { name: 'financial data in Riyadh', flow: abroad, verdict: refused },
  {
    name: 'a transfer basis does not help',
    zone: { transfers: [{ to: 'alibaba:me-central-1', basis: 'PDPL Art 22', evidence: 'x' }] },
    flow: abroad,
    verdict: refused,
  },
  {
    name: 'health data alone',
    flow: flowOf({ ...abroad, dataClasses: [DataClass.HEALTH] }),
    verdict: 'not-applicable',
  },
  {
    name: 'an undeclared flow',
    flow: undeclaredFlow({ dataClasses: [DataClass.FINANCIAL] }),
    verdict: 'not-applicable',
  },
]);
