import { compliant, type Rule, violation } from '../rule';
import { declaration } from '../source';

/**
 * The closed world: every flow that exists, or may exist, is declared, or is said to be absent with a
 * reason. What nobody declared cannot be checked, so it is refused. Source: the zone itself.
 */
export const flowIsDeclared: Rule = {
  id: 'flow-is-declared',
  title: 'every flow is declared, or said to be absent with a reason',
  sources: [declaration("the zone's closed world: a flow that nobody declared is refused")],
  check(flow) {
    if (flow.status === 'undeclared') return violation(flow.evidence, flow.fix);
    if (flow.status === 'absent' && flow.reason.trim() === '') {
      return violation(
        `the ${flow.kind} flow at ${flow.at} is said to be absent, without a reason`,
        'say why it is absent; the reason is evidence for the auditor',
      );
    }
    return compliant;
  },
};
