import type { Audit } from './audit';
import { addressesOf, type DataFlow } from './flow';
import { lateNamesIn } from './late-marker';

/**
 * What an audit comes to on one flow. `late`: no rule refuses it, and its address is known only after
 * deployment; `open`: a requirement applies that no rule can judge.
 */
export type FlowVerdict = 'ok' | 'absent' | 'late' | 'open' | 'refused';

export function flowVerdict({ violations, notAssessed }: Audit, flow: DataFlow): FlowVerdict {
  if (violations.some((violation) => violation.flow === flow)) return 'refused';
  // A late address is known only after deployment: that no rule refuses it says nothing yet.
  if (lateNamesOf(flow).length > 0) return 'late';
  if (notAssessed.some((question) => question.flow === flow)) return 'open';
  return flow.status === 'absent' ? 'absent' : 'ok';
}

/** Late values that a flow's addresses wait for. */
export function lateNamesOf(flow: DataFlow): readonly string[] {
  return [...new Set(addressesOf(flow).flatMap(lateNamesIn))];
}
