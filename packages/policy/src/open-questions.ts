import { audit, type OpenQuestion } from '@manara/residency';
import type { StackValidationPolicy } from '@pulumi/policy';
import type { Boundary } from './boundary';
import { flowsOf } from './flows';
import { resourceOf } from './resource';
import { known } from './unknown-value';

/** Says once a stack which requirements apply and are left open; a pack that passes is no answer to them. */
export function openQuestions(boundary: Boundary): StackValidationPolicy {
  return {
    name: 'questions-are-answered',
    description: 'every requirement that applies can be judged',
    enforcementLevel: 'advisory',
    validateStack: ({ resources }, report) => {
      const flows = resources.flatMap((args) => [
        ...known(() => flowsOf(resourceOf(args), boundary)),
      ]);
      const { notAssessed } = audit(boundary.zone, flows);
      const byRule = new Map<string, OpenQuestion>(notAssessed.map((one) => [one.rule.id, one]));
      for (const { rule, verdict } of byRule.values()) report(`${rule.id}: ${verdict.because}`);
    },
  };
}
