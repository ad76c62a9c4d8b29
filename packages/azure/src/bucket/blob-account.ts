import {
  BlobContainer,
  BlobContainerImmutabilityPolicy,
  BlobServiceProperties,
  StorageAccount,
} from '@pulumi/azure-native/storage';
import type { ChildContext } from '../azure-component';
import type { ServingKeys } from '../serving-keys';
import { grant, identity } from '../support/identity';
import type { Subscription } from '../support/subscription';

interface AccountInput {
  readonly replication: 'LRS' | 'ZRS';
  readonly keys: ServingKeys;
  readonly subscription: Subscription;
}

/** An account that nobody reaches over the internet, by a shared key, or without TLS. */
export function blobAccount(
  context: ChildContext,
  { replication, keys, subscription }: AccountInput,
): StorageAccount {
  const { name, location, resourceGroupName, tags, child } = context;
  const encryptor = identity(context);
  const unwraps = grant(context, {
    suffix: 'key',
    role: 'keyVaultCryptoServiceEncryptionUser',
    scope: keys.models.id,
    to: encryptor,
    subscription,
  });
  return new StorageAccount(
    name,
    {
      location,
      resourceGroupName,
      kind: 'StorageV2',
      sku: { name: `Standard_${replication}` },
      accessTier: 'Hot',
      identity: { type: 'UserAssigned', userAssignedIdentities: [encryptor.id] },
      encryption: {
        keySource: 'Microsoft.Keyvault',
        // Without a version, so that the account follows the key's rotation.
        keyVaultProperties: { keyName: keys.models.name, keyVaultUri: keys.vaultUri },
        encryptionIdentity: { encryptionUserAssignedIdentity: encryptor.id },
        requireInfrastructureEncryption: true,
        services: { blob: { enabled: true, keyType: 'Account' } },
      },
      minimumTlsVersion: 'TLS1_2',
      enableHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      allowCrossTenantReplication: false,
      // Blobs are copied only to and from accounts with a private link to the same network.
      allowedCopyScope: 'PrivateLink',
      isLocalUserEnabled: false,
      isSftpEnabled: false,
      publicNetworkAccess: 'Disabled',
      networkRuleSet: { bypass: 'None', defaultAction: 'Deny' },
      tags,
    },
    { ...child, dependsOn: [unwraps] },
  );
}

interface ContainerInput {
  readonly container: string;
  readonly immutableDays: number;
}

/** A container of which no version can be changed or deleted for a time. */
export function blobContainer(
  { name, resourceGroupName, child }: ChildContext,
  account: StorageAccount,
  { container, immutableDays }: ContainerInput,
): void {
  const of = { accountName: account.name, resourceGroupName };
  const service = new BlobServiceProperties(
    name,
    {
      ...of,
      blobServicesName: 'default',
      isVersioningEnabled: true,
      changeFeed: { enabled: true },
      deleteRetentionPolicy: { enabled: true, days: 30 },
      containerDeleteRetentionPolicy: { enabled: true, days: 30 },
    },
    child,
  );
  const made = new BlobContainer(
    name,
    {
      ...of,
      containerName: container,
      publicAccess: 'None',
      immutableStorageWithVersioning: { enabled: true },
    },
    { ...child, dependsOn: [service] },
  );
  new BlobContainerImmutabilityPolicy(
    name,
    {
      ...of,
      containerName: made.name,
      immutabilityPolicyName: 'default',
      immutabilityPeriodSinceCreationInDays: immutableDays,
      allowProtectedAppendWrites: false,
    },
    child,
  );
}
