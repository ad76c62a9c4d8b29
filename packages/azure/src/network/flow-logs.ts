import { FlowLog, type VirtualNetwork } from '@pulumi/azure-native/network';
import { ManagementPolicy, StorageAccount } from '@pulumi/azure-native/storage';
import type { ChildContext } from '../azure-component';
import { grant, identity } from '../support/identity';
import { subscriptionOf } from '../support/subscription';
import type { NetworkWatcher } from './network-args';

interface FlowLogInput {
  readonly network: VirtualNetwork;
  readonly watcher: NetworkWatcher | undefined;
  readonly retentionDays: number;
}

/**
 * Records every connection of a network, in an account of the same region that nobody reaches over the
 * internet. Microsoft's own key encrypts it: the site's keys are not there before the network is.
 */
export function addFlowLogs(
  context: ChildContext,
  { network, watcher, retentionDays }: FlowLogInput,
): void {
  const { name, location, resourceGroupName, tags, child } = context;
  const writer = identity(context, '-flow-logs');
  const account = new StorageAccount(
    `${name}logs`,
    {
      location,
      resourceGroupName,
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS' },
      minimumTlsVersion: 'TLS1_2',
      enableHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      allowCrossTenantReplication: false,
      publicNetworkAccess: 'Disabled',
      // The network watcher writes as a service that Azure trusts.
      networkRuleSet: { bypass: 'AzureServices', defaultAction: 'Deny' },
      tags,
    },
    child,
  );
  const written = grant(context, {
    suffix: 'flow-logs',
    role: 'storageBlobDataContributor',
    scope: account.id,
    to: writer,
    subscription: subscriptionOf(network),
  });
  new ManagementPolicy(
    `${name}-flow-logs`,
    {
      accountName: account.name,
      resourceGroupName,
      managementPolicyName: 'default',
      policy: {
        rules: [
          {
            name: 'expire',
            enabled: true,
            type: 'Lifecycle',
            definition: {
              actions: {
                baseBlob: { delete: { daysAfterModificationGreaterThan: retentionDays } },
              },
              filters: { blobTypes: ['blockBlob'] },
            },
          },
        ],
      },
    },
    child,
  );
  new FlowLog(
    name,
    {
      location,
      networkWatcherName: watcher?.name ?? `NetworkWatcher_${location}`,
      resourceGroupName: watcher?.resourceGroupName ?? 'NetworkWatcherRG',
      targetResourceId: network.id,
      storageId: account.id,
      enabled: true,
      format: { type: 'JSON', version: 2 },
      identity: { type: 'UserAssigned', userAssignedIdentities: [writer.id] },
      tags,
    },
    { ...child, dependsOn: [written] },
  );
}
