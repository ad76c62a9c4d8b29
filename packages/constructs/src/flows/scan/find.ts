import type { FlowKind } from '@manara/residency';

/** Something in a manifest that no declared flow explains. */
export interface Find {
  readonly kind: FlowKind;
  /** Follows the object's kind and name in a sentence. */
  readonly evidence: string;
  readonly fix: string;
}

export const egressFix = 'remove it, or declare the sink or bucket that is reached there';

export function egress(evidence: string, fix = egressFix): Find {
  return { kind: 'egress', evidence, fix };
}
