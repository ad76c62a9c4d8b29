import type { UserAssignedIdentity } from '@pulumi/azure-native/managedidentity';
import type { RoleAssignment } from '@pulumi/azure-native/authorization';
import type { ChildContext } from '../azure-component';
import type { ImageRegistry } from '../image-registry';
import type { ServingKeys } from '../serving-keys';
import type { ServingNetwork } from '../serving-network';
import { grant, identity } from '../support/identity';
import type { Subscription } from '../support/subscription';

interface Neighbours {
  readonly network: ServingNetwork;
  readonly keys: ServingKeys;
  readonly registry: ImageRegistry;
  readonly subscription: Subscription;
}

/** Whom a cluster acts as. */
export interface ClusterIdentities {
  /** The control plane. */
  readonly control: UserAssignedIdentity;
  /** Each node. */
  readonly kubelet: UserAssignedIdentity;
  /** What they may do; the cluster waits for it. */
  readonly roles: readonly RoleAssignment[];
}

/** Identities of a cluster with what they need, before it is there: it is refused without. */
export function addIdentities(
  context: ChildContext,
  { network, keys, registry, subscription }: Neighbours,
): ClusterIdentities {
  const control = identity(context);
  const kubelet = identity(context, '-kubelet');
  const to = control;
  const roles = [
    grant(context, {
      suffix: 'network',
      role: 'networkContributor',
      scope: network.networkId,
      to,
      subscription,
    }),
    grant(context, {
      suffix: 'kubelet',
      role: 'managedIdentityOperator',
      scope: kubelet.id,
      to,
      subscription,
    }),
    grant(context, {
      suffix: 'secrets',
      role: 'keyVaultCryptoUser',
      scope: keys.secrets.id,
      to,
      subscription,
    }),
    // A vault off the internet: AKS makes a private endpoint of its own to it.
    grant(context, {
      suffix: 'vault',
      role: 'keyVaultContributor',
      scope: keys.vaultId,
      to,
      subscription,
    }),
    grant(context, {
      suffix: 'images',
      role: 'acrPull',
      scope: registry.registryId,
      to: kubelet,
      subscription,
    }),
  ];
  return { control, kubelet, roles };
}
