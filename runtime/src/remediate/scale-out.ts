import type { ScaleOutAction } from '@manara/contract';
import { notDone, type Outcome, type Task } from './action';
import type { Kube, KubeObject } from './kube';
import { lastAction, noted, whyNot } from './last-action';

function pathOf(kube: Kube, name: string): string {
  return `/apis/autoscaling/v2/namespaces/${kube.namespace}/horizontalpodautoscalers/${name}`;
}

/** Has the autoscaler keep more replicas than there are, as far as both its own limit and the table's allow. */
export async function scaleOut(action: ScaleOutAction, task: Task): Promise<Outcome> {
  const { kube, alert, firing, now } = task;
  const path = pathOf(kube, action.autoscaler);
  const autoscaler = await kube.get(path);
  if (autoscaler === undefined) return notDone(`there is no autoscaler "${action.autoscaler}"`);
  const last = lastAction(autoscaler);
  const reason = whyNot(last, firing, action.coolDownSeconds, now);
  if (reason !== undefined) return notDone(reason);
  const { least, most, current } = replicasOf(autoscaler);
  const bound = Math.min(most, action.maxReplicas);
  const wanted = Math.max(current + 1, Math.ceil((current * (100 + action.percent)) / 100));
  const replicas = Math.min(bound, wanted);
  if (replicas <= least)
    return notDone(`${least} replicas are kept already; the bound is ${bound}`);
  // What an earlier alert raised is not what it was before.
  const before = last?.before ?? least;
  const note = { alert, firing, at: new Date(now).toISOString(), before };
  await kube.patch(path, {
    metadata: noted(autoscaler, note),
    spec: { minReplicas: replicas },
  });
  const message = `keeps ${replicas} replicas at least, in place of ${least}; the bound is ${bound}`;
  return { done: true, reason: 'ScaledOut', message, object: autoscaler };
}

/** Puts back what was kept before, once the alert that raised it is over. */
export async function scaleBack(action: ScaleOutAction, task: Task): Promise<Outcome> {
  const { kube, firing } = task;
  const path = pathOf(kube, action.autoscaler);
  const autoscaler = await kube.get(path);
  const last = autoscaler && lastAction(autoscaler);
  if (autoscaler === undefined || last?.firing !== firing || last.before === undefined) {
    return notDone('nothing was raised for this alert');
  }
  const { before, ...rest } = last;
  await kube.patch(path, { metadata: noted(autoscaler, rest), spec: { minReplicas: before } });
  const message = `keeps ${before} replicas at least, as before`;
  return { done: true, reason: 'ScaledBack', message, object: autoscaler };
}

function replicasOf({ spec = {}, status = {} }: KubeObject): {
  readonly least: number;
  readonly most: number;
  readonly current: number;
} {
  const least = Number(spec.minReplicas ?? 1);
  const current = Math.max(least, Number(status.currentReplicas ?? 0));
  return { least, most: Number(spec.maxReplicas), current };
}
