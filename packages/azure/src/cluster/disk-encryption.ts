import { DiskEncryptionSet } from '@pulumi/azure-native/compute';
import type { UserAssignedIdentity } from '@pulumi/azure-native/managedidentity';
import type { Output, Resource } from '@pulumi/pulumi';
import type { ChildContext } from '../azure-component';
import type { ServingKeys } from '../serving-keys';
import { grant, identity } from '../support/identity';
import type { Subscription } from '../support/subscription';

interface DiskEncryptionInput {
  readonly keys: ServingKeys;
  readonly subscription: Subscription;
  /** Identity of the control plane, which attaches disks. */
  readonly control: UserAssignedIdentity;
}

/** Encrypts the disks of nodes and volumes with the site's own key, beneath it with Azure's. */
export function addDiskEncryption(
  context: ChildContext,
  { keys, subscription, control }: DiskEncryptionInput,
): { readonly id: Output<string>; readonly ready: Resource } {
  const { name, location, resourceGroupName, tags, child } = context;
  const encryptor = identity(context, '-disks');
  const unwraps = grant(context, {
    suffix: 'disks',
    role: 'keyVaultCryptoServiceEncryptionUser',
    scope: keys.disks.id,
    to: encryptor,
    subscription,
  });
  const set = new DiskEncryptionSet(
    name,
    {
      location,
      resourceGroupName,
      encryptionType: 'EncryptionAtRestWithPlatformAndCustomerKeys',
      identity: { type: 'UserAssigned', userAssignedIdentities: [encryptor.id] },
      activeKey: { keyUrl: keys.disks.versionedUri },
      rotationToLatestKeyVersionEnabled: true,
      tags,
    },
    // Azure follows the rotation itself; the address keeps naming a version.
    { ...child, dependsOn: [unwraps], ignoreChanges: ['activeKey'] },
  );
  const reads = grant(context, {
    suffix: 'disk-set',
    role: 'reader',
    scope: set.id,
    to: control,
    subscription,
  });
  return { id: set.id, ready: reads };
}
