import { getClientConfigOutput } from '@pulumi/azure-native/authorization';
import type { Output, Resource } from '@pulumi/pulumi';

/** The subscription and the tenant that a component is deployed into. */
export interface Subscription {
  readonly subscriptionId: Output<string>;
  readonly tenantId: Output<string>;
}

export function subscriptionOf(parent: Resource): Subscription {
  const { subscriptionId, tenantId } = getClientConfigOutput({ parent });
  return { subscriptionId, tenantId };
}
