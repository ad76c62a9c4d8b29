import type { ResourceValidationPolicy } from '@pulumi/policy';
import type { Boundary } from './boundary';
import { flowsOf } from './flows';
import { breachesOf } from './resource-policies';
import { resourceOf } from './resource';
import { policyRules } from './rules';
import { known } from './unknown-value';

/**
 * Says which values a rule reads and a preview cannot know. Pulumi runs every policy again in the update,
 * before it makes the resource; by then every input is known, and one that is not is refused.
 *
 * @param isPreview whether the engine runs a preview; it says so in `PULUMI_DRY_RUN`.
 */
export function valuesAreKnown(boundary: Boundary, isPreview: boolean): ResourceValidationPolicy {
  return {
    name: 'values-are-known',
    description: 'every value that a rule reads is known, if not in the preview then in the update',
    enforcementLevel: isPreview ? 'advisory' : 'mandatory',
    validateResource: (args, report) => {
      const resource = resourceOf(args);
      const judged = [
        () => flowsOf(resource, boundary),
        ...policyRules.map((rule) => () => breachesOf(rule, resource)),
      ];
      const unknown = new Set<string>();
      for (const findings of judged)
        Array.from(known<unknown>(findings, (path) => unknown.add(path)));
      for (const path of unknown) {
        report(
          isPreview
            ? `${path} is not known in a preview; it is judged in the update, before the resource is made`
            : `${path} is not known, so it cannot be judged\nfix: give it a value that does not depend on what is made later`,
        );
      }
    },
  };
}
