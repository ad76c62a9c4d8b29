import { violation } from '../../src/rule';
import { flowIsDeclared } from '../../src/rules/flow-is-declared';
import { absentFlow, flowOf, undeclaredFlow, verdicts } from '../support';

verdicts(flowIsDeclared, [
  { name: 'a declared flow', flow: flowOf(), verdict: 'compliant' },
  { name: 'a flow that is absent for a reason', flow: absentFlow(), verdict: 'compliant' },
  {
    name: 'a flow that nobody declared, with its evidence and its fix',
    flow: undeclaredFlow(),
    verdict: violation('log sink is not given', 'declare it'),
  },
  {
    name: 'a flow that is absent for no reason',
    flow: absentFlow({ reason: ' ' }),
    verdict: violation(
      'the log flow at aws:me-central-1 is said to be absent, without a reason',
      'say why it is absent; the reason is evidence for the auditor',
    ),
  },
]);
