import { violation } from '../../src/rule';
import { flowStaysInZone } from '../../src/rules/flow-stays-in-zone';
import { absentFlow, flowOf, undeclaredFlow, verdicts } from '../support';

verdicts(flowStaysInZone, [
  { name: 'both ends at places of the zone', flow: flowOf(), verdict: 'compliant' },
  {
    name: 'a sink at another place',
    flow: flowOf({ to: { name: 'log sink', place: 'aws:eu-west-1' } }),
    verdict: violation(
      '"log sink" is at aws:eu-west-1, outside zone "bank" (aws:me-central-1, azure:uaenorth)',
      'use one inside the zone, or add "aws:eu-west-1" to the zone\'s places with a lawful transfer basis',
    ),
  },
  {
    name: 'a source at another place',
    flow: flowOf({ from: { name: 'model bucket', place: 'gcp:me-central1' } }),
    verdict: violation(
      '"model bucket" is at gcp:me-central1, outside zone "bank" (aws:me-central-1, azure:uaenorth)',
      'use one inside the zone, or add "gcp:me-central1" to the zone\'s places with a lawful transfer basis',
    ),
  },
  { name: 'an absent flow', flow: absentFlow(), verdict: 'not-applicable' },
  { name: 'an undeclared flow', flow: undeclaredFlow(), verdict: 'not-applicable' },
]);
