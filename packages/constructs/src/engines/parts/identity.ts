import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Labels } from '../../peer';
import type { Workload } from '../lowering';
import { readerAnnotations } from './bucket-access';
import { objectLabels, selectorLabels } from './labels';

/** An identity of its own, with no token: nothing in the pod talks to the API server. */
export function addServiceAccount(scope: Construct, workload: Workload): k8s.KubeServiceAccount {
  const annotations = readerAnnotations(workload);
  return new k8s.KubeServiceAccount(scope, 'service-account', {
    metadata: {
      name: workload.endpoint.name,
      labels: { ...objectLabels(workload) },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations: { ...annotations } }),
    },
    automountServiceAccountToken: false,
  });
}

/** The one address of a workload's pods. */
export function addService(
  scope: Construct,
  workload: Workload,
  ports: Readonly<Record<string, number>>,
  selector: Labels = selectorLabels(workload),
): k8s.KubeService {
  return new k8s.KubeService(scope, 'service', {
    metadata: { name: workload.endpoint.name, labels: { ...objectLabels(workload) } },
    spec: {
      type: 'ClusterIP',
      selector: { ...selector },
      // A mesh knows the protocol of the others by their names.
      ports: Object.entries(ports).map(([name, port]) => ({
        name,
        port,
        ...(name === 'metrics' && workload.site.mesh !== undefined ? { appProtocol: 'http' } : {}),
      })),
    },
  });
}
