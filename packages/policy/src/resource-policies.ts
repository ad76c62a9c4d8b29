import type { ResourceValidationPolicy } from '@pulumi/policy';
import { explain } from './explain';
import type { Breach, PolicyRule } from './policy-rule';
import { type Resource, resourceOf } from './resource';
import { policyRules } from './rules';
import { known } from './unknown-value';

/** A policy for each rule on a cloud's own settings, under the rule's id. */
export function resourcePolicies(): readonly ResourceValidationPolicy[] {
  return policyRules.map((rule) => ({
    name: rule.id,
    description: rule.title,
    enforcementLevel: rule.enforcement ?? 'mandatory',
    validateResource: (args, report) => {
      for (const breach of known(() => breachesOf(rule, resourceOf(args)))) {
        report(explain(breach, breach.source === undefined ? rule.sources : [breach.source]));
      }
    },
  }));
}

/**
 * What a rule finds on a resource; nothing on a type that it does not read.
 *
 * @throws UnknownValueError at the end, where it met a value that is not known yet.
 */
export function breachesOf(rule: PolicyRule, resource: Resource): Iterable<Breach> {
  return rule.types?.includes(resource.type) === false ? [] : rule.check(resource);
}
