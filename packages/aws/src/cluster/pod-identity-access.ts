import { dataFlows, type DeclaresFlows, type Site } from '@manara/constructs';
import type { DataFlow } from '@manara/residency';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

/** Where the agent of EKS Pod Identity answers, on the node that asks. Source: Amazon EKS, Pod Identity. */
const agentAddress = '169.254.170.23/32';
const agentPort = 80;

/** Opens, in a namespace that denies everything, the way to the agent that hands out credentials. */
export class PodIdentityAccess extends Construct implements DeclaresFlows {
  readonly #flow: DataFlow;

  constructor(site: Site, id: string) {
    super(site, id);
    this.#flow = {
      status: 'declared',
      kind: 'egress',
      owner: this.node.path,
      dataClasses: [],
      from: { name: `pods of ${site.node.path}`, place: site.place },
      to: {
        name: 'agent of EKS Pod Identity on the same node',
        place: site.place,
        addresses: [agentAddress],
      },
      encryption: 'local',
    };
    new ApiObject(this, 'policy', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: id },
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

  [dataFlows](): readonly DataFlow[] {
    return [this.#flow];
  }
}
