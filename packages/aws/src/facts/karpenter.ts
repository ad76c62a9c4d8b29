import type { Source } from '@manara/residency';
import type { EndpointService } from './endpoint-services';

/**
 * Services that Karpenter asks in a network without internet. IAM and the price list have no endpoint in
 * any network: with `isolatedVPC` it asks neither, so that it makes no instance profile and keeps the
 * prices that it was built with.
 */
export const karpenterServices: readonly EndpointService[] = ['ec2', 'eks', 'sqs', 'ssm', 'sts'];

/** Notices of EC2 and Health that Karpenter reads from its queue, by what we call their rule. */
export const noticePatterns = {
  health: { source: ['aws.health'], 'detail-type': ['AWS Health Event'] },
  'spot-interruption': {
    source: ['aws.ec2'],
    'detail-type': ['EC2 Spot Instance Interruption Warning'],
  },
  rebalance: { source: ['aws.ec2'], 'detail-type': ['EC2 Instance Rebalance Recommendation'] },
  'state-change': {
    source: ['aws.ec2'],
    'detail-type': ['EC2 Instance State-change Notification'],
  },
  'capacity-reservation': {
    source: ['aws.ec2'],
    'detail-type': ['EC2 Capacity Reservation Instance Interruption Warning'],
  },
} as const;

export const karpenterSources: readonly Source[] = [
  {
    title:
      'Karpenter 1.14.1, Getting started: Private clusters; EC2NodeClass, spec.instanceProfile',
    where: 'aws/karpenter-provider-aws on GitHub, website/content/en/preview',
    standing: 'primary',
    read: '2026-11-22',
  },
  {
    title:
      'Karpenter 1.14.1, cloudformation.yaml: policies of the controller, rules of EventBridge',
    where: 'aws/karpenter-provider-aws on GitHub, website/content/en/preview',
    standing: 'primary',
    read: '2026-11-22',
  },
];
