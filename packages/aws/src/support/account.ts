import { getCallerIdentityOutput } from '@pulumi/aws/getCallerIdentity';
import type { Output, Resource } from '@pulumi/pulumi';

/** Id of the account that the parent's provider deploys into. */
export function accountOf(parent: Resource): Output<string> {
  return getCallerIdentityOutput({}, { parent }).accountId;
}
