import { type Rule, rules } from '@manara/residency';
import type { ResourceValidationPolicy } from '@pulumi/policy';
import type { Boundary } from './boundary';
import { flowsOf } from './flows';
import { explain } from './explain';
import { resourceOf } from './resource';
import { known } from './unknown-value';

/** A policy for each residency rule, under the rule's id: it judges the flows that a resource gives away. */
export function flowPolicies(boundary: Boundary): readonly ResourceValidationPolicy[] {
  return rules.map((rule) => flowPolicy(rule, boundary));
}

function flowPolicy(rule: Rule, boundary: Boundary): ResourceValidationPolicy {
  return {
    name: rule.id,
    description: rule.title,
    enforcementLevel: 'mandatory',
    validateResource: (args, report) => {
      for (const flow of known(() => flowsOf(resourceOf(args), boundary))) {
        const verdict = rule.check(flow, boundary.zone);
        if (verdict.outcome === 'violation') report(explain(verdict, rule.sources));
      }
    },
  };
}
