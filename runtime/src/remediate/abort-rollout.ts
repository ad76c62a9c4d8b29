import type { AbortRolloutAction } from '@manara/contract';
import { notDone, type Outcome, type Task } from './action';

/**
 * Ends a rollout of Argo's that is under way: the stable version takes all traffic again. That it was ended
 * stands in its own status, so that it is done once.
 * Source: argo-rollouts, pkg/kubectl-argo-rollouts/cmd/abort; read 2026-11.
 */
export async function abortRollout(
  { rollout: name }: AbortRolloutAction,
  { kube }: Task,
): Promise<Outcome> {
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${kube.namespace}/rollouts/${name}`;
  const rollout = await kube.get(path);
  if (rollout === undefined) return notDone(`there is no rollout "${name}"`);
  const { abort, currentPodHash, stableRS } = rollout.status ?? {};
  if (abort === true) return notDone('it is aborted already');
  if (stableRS === undefined || currentPodHash === stableRS) return notDone('none is under way');
  await kube.patch(`${path}/status`, { status: { abort: true } });
  const message = `rollout "${name}" was aborted: the stable version takes all traffic`;
  return { done: true, reason: 'RolloutAborted', message, object: rollout };
}
