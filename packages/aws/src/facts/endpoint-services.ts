import type { Source } from '@manara/residency';

/** A service of AWS that a network can reach through an interface endpoint of its own. */
export interface EndpointServiceFact {
  /** What needs it. */
  readonly for: string;
  /** Whether every network has it: a private cluster does not start without. */
  readonly needed: boolean;
  /** Whether the endpoint takes a policy. @default false: not known to */
  readonly policy?: true;
}

/** Services by the last part of their endpoint's name, `com.amazonaws.<region>.<service>`. */
export const endpointServices = {
  'ecr.api': { for: 'nodes: pulling images', needed: true, policy: true },
  'ecr.dkr': { for: 'nodes: pulling images', needed: true, policy: true },
  ec2: { for: 'nodes and the CNI: addresses and instances', needed: true, policy: true },
  eks: { for: 'nodes: joining the cluster', needed: true },
  'eks-auth': { for: 'pods: credentials of EKS Pod Identity', needed: true },
  logs: { for: 'agents: logs to CloudWatch', needed: true, policy: true },
  s3: { for: 'pods and nodes: weights, and layers of images', needed: true, policy: true },
  sts: { for: 'pods and people: credentials', needed: true, policy: true },
  kms: { for: 'pods that encrypt for themselves', needed: true, policy: true },
  autoscaling: { for: 'an autoscaler of node groups', needed: false },
  elasticloadbalancing: { for: 'a controller of load balancers', needed: false },
  monitoring: { for: 'metrics to CloudWatch', needed: false },
  secretsmanager: { for: 'secrets that pods read', needed: false },
  sqs: { for: 'Karpenter: notices of interruption', needed: false },
  ssm: { for: 'Karpenter: ids of machine images', needed: false },
  xray: { for: 'traces to X-Ray', needed: false },
} as const satisfies Readonly<Record<string, EndpointServiceFact>>;

export type EndpointService = keyof typeof endpointServices;

/**
 * Both documents are general: that each endpoint is offered in a region is for AWS to say, when a
 * preview or `up` asks for it.
 */
export const endpointServiceSources: readonly Source[] = [
  {
    title: 'Amazon EKS, Deploy private clusters with limited internet access: VPC endpoints',
    where: 'docs.aws.amazon.com',
    standing: 'primary',
    read: '2026-11-22',
  },
  {
    title: 'botocore 1.44.5, data/endpoints.json: services present in me-central-1',
    where: 'botocore on PyPI',
    standing: 'primary',
    read: '2026-11-22',
  },
];

/** Services that every network has an endpoint for. */
export const neededServices = (Object.keys(endpointServices) as readonly EndpointService[]).filter(
  (service) => endpointServices[service].needed,
);
