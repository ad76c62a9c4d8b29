import type { Labels } from '../../peer';
import type { Workload } from '../lowering';

/** Labels that select a workload's pods; they never change, because a Deployment's selector may not. */
export function selectorLabels({ endpoint }: Workload): Labels {
  return { 'app.kubernetes.io/name': endpoint.name, 'app.kubernetes.io/component': 'model-server' };
}

/** Labels of every object of a workload. */
export function objectLabels(workload: Workload): Labels {
  return {
    ...selectorLabels(workload),
    'app.kubernetes.io/part-of': workload.site.zone.name,
    'app.kubernetes.io/managed-by': 'manara',
    'manara.dev/site': workload.site.node.id,
    'manara.dev/role': workload.role,
  };
}

/** Labels that select the pods which copy a workload's weights. */
export function copySelector(workload: Workload): Labels {
  return { ...selectorLabels(workload), 'app.kubernetes.io/component': 'weights-copy' };
}

/** Labels of the objects that copy a workload's weights. */
export function copyLabels(workload: Workload): Labels {
  return { ...objectLabels(workload), ...copySelector(workload) };
}
