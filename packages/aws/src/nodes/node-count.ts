import { kinds } from '@manara/constructs';
import { type CloudKind, refuseArg } from '@manara/pulumi';
import type { NodeCount } from './node-group';

export const nodeCount = kinds.record({ min: kinds.anyNumber, max: kinds.anyNumber });

/** @throws DeployError MANARA_ARGS for counts out of range, or in the wrong order */
export function checkNodeCount(
  kind: CloudKind,
  name: string,
  arg: string,
  { min, max }: NodeCount,
  least: number,
): void {
  const areWhole = Number.isSafeInteger(min) && Number.isSafeInteger(max);
  if (areWhole && min >= least && max >= Math.max(min, 1) && max <= 450) return;
  refuseArg(
    kind,
    name,
    arg,
    // The limit of a managed node group. Source: Amazon EKS, Service quotas; read 2026-11.
    `whole numbers of nodes, ${least} ≤ min ≤ max ≤ 450 and 1 ≤ max`,
    JSON.stringify({ min, max }),
  );
}
