import { type Range, rangeAt, sizeOf } from '@manara/pulumi';

/** The subnets of a network. */
export interface SubnetPlan {
  /** For nodes; pods have an overlay of their own. */
  readonly nodes: Range;
  /** For private endpoints, and nothing else: it is what pods are let out to. */
  readonly endpoints: Range;
  /** For the API server, which AKS puts into the network. */
  readonly apiServer: Range;
}

const endpointPrefix = 26;

/** Smallest that AKS takes. */
const apiServerPrefix = 28;

/** Azure keeps the first four addresses of a subnet and its last. */
const reservedAddresses = 5;

/** Divides a network's range of /24 or wider: half for nodes, and of the rest what the others need. */
export function planSubnets(range: Range): SubnetPlan {
  const half = sizeOf(range) / 2;
  return {
    nodes: rangeAt(range, 0, range.prefix + 1),
    endpoints: rangeAt(range, half, endpointPrefix),
    apiServer: rangeAt(range, half + 2 ** (32 - endpointPrefix), apiServerPrefix),
  };
}

/** Addresses of a subnet that machines can have. */
export function usableAddresses(range: Range): number {
  return sizeOf(range) - reservedAddresses;
}
