import type { Site } from '@manara/constructs';
import { ApiObject } from 'cdk8s';

/** Where the agent of EKS Pod Identity answers, on the node that asks. Source: Amazon EKS, Pod Identity. */
export const agentAddress = '169.254.170.23/32';
const agentPort = 80;

/** Opens, in a namespace that denies everything, the way to the agent that hands out credentials. */
export function allowAgent(site: Site): void {
  new ApiObject(site, 'pod-identity', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'pod-identity' },
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        {
          to: [{ ipBlock: { cidr: agentAddress } }],
          ports: [{ protocol: 'TCP', port: agentPort }],
        },
      ],
    },
  });
}
