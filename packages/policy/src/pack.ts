import {
  type Policies,
  PolicyPack,
  type PolicyPackArgs,
  type PolicyPackConfig,
} from '@pulumi/policy';
import { boundaryOf, type BoundaryProps } from './boundary';
import { flowPolicies } from './flow-policies';
import { openQuestions } from './open-questions';
import { replicationTargetIsKnown } from './replication-target-is-known';
import { resourcePolicies } from './resource-policies';
import { valuesAreKnown } from './values-are-known';

/**
 * The policies that keep a stack in a zone, for a pack that has others too.
 *
 * @param name of the zone in messages.
 * @throws ResidencyError for a zone that contradicts itself, or a place that is none; RangeError for an
 * exemption without a reason.
 */
export function residencyPolicies(name: string, props: BoundaryProps): Policies {
  const boundary = boundaryOf(name, props);
  // Only an update says `false`; a host that says nothing is taken for a preview.
  const isPreview = process.env.PULUMI_DRY_RUN !== 'false';
  return [
    ...flowPolicies(boundary),
    ...resourcePolicies(),
    replicationTargetIsKnown(boundary),
    valuesAreKnown(boundary, isPreview),
    openQuestions(boundary),
  ];
}

export interface ResidencyPolicyPackProps
  extends BoundaryProps, Omit<PolicyPackArgs, 'policies' | 'enforcementLevel'> {}

/**
 * A Pulumi policy pack that keeps every resource of a stack in a zone, whoever wrote it. One to a process:
 * it serves as soon as it is made.
 */
export class ResidencyPolicyPack extends PolicyPack {
  /**
   * @param name of the pack: letters, digits, `-`, `_` and `.`, at most 100.
   * @param config per policy, as in `pulumi up --policy-pack-config`: `{'egress-is-restricted': 'mandatory'}`.
   * @throws ResidencyError for a zone that contradicts itself, or a place that is none; RangeError for an
   * exemption without a reason.
   */
  constructor(name: string, props: ResidencyPolicyPackProps, config?: PolicyPackConfig) {
    const { zone, located = {}, exempt = {}, ...pack } = props;
    super(name, { ...pack, policies: residencyPolicies(name, { zone, located, exempt }) }, config);
  }
}
