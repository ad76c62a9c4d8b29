import { type JsonObject, text } from '../../plugin/json';
import { guid, type Kind, type Made } from '../cloud';
import { arm, subscription, tenantId } from './kind';

/**
 * How Azure identifies what the suites make. Source: the resource types of the Azure Resource Manager
 * reference, with the parameters' names of `@pulumi/azure-native` 3.28, November 2026.
 */
export const kinds: Readonly<Record<string, Kind>> = {
  'azure-native:authorization:PolicyAssignment': arm(
    'Microsoft.Authorization/policyAssignments/{policyAssignmentName}',
    undefined,
    '{scope}',
  ),
  'azure-native:authorization:RoleAssignment': arm(
    'Microsoft.Authorization/roleAssignments/{roleAssignmentName}',
    undefined,
    '{scope}',
  ),
  'azure-native:compute:DiskEncryptionSet': arm(
    'Microsoft.Compute/diskEncryptionSets/{diskEncryptionSetName}',
    ownIdentity,
  ),
  'azure-native:containerregistry:CacheRule': arm(
    'Microsoft.ContainerRegistry/registries/{registryName}/cacheRules/{cacheRuleName}',
  ),
  'azure-native:containerregistry:Registry': arm(
    'Microsoft.ContainerRegistry/registries/{registryName}',
    ({ inputs }) => ({ loginServer: `${text(inputs.registryName).toLowerCase()}.azurecr.io` }),
  ),
  'azure-native:containerservice:AgentPool': arm(
    'Microsoft.ContainerService/managedClusters/{resourceName}/agentPools/{agentPoolName}',
  ),
  'azure-native:containerservice:ManagedCluster': arm(
    'Microsoft.ContainerService/managedClusters/{resourceName}',
    clusterOutputs,
  ),
  'azure-native:keyvault:Key': arm(
    'Microsoft.KeyVault/vaults/{vaultName}/keys/{keyName}',
    ({ inputs, digits }) => {
      const keyUri = `https://${text(inputs.vaultName)}.vault.azure.net/keys/${text(inputs.keyName)}`;
      return { keyUri, keyUriWithVersion: `${keyUri}/${digits.slice(0, 32)}` };
    },
  ),
  'azure-native:keyvault:Vault': arm('Microsoft.KeyVault/vaults/{vaultName}', ({ inputs }) => ({
    properties: { vaultUri: `https://${text(inputs.vaultName)}.vault.azure.net/` },
  })),
  'azure-native:managedidentity:FederatedIdentityCredential': arm(
    'Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}',
  ),
  'azure-native:managedidentity:UserAssignedIdentity': arm(
    'Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}',
    ({ digits }) => ({
      principalId: guid(digits),
      clientId: guid(digits.slice(32)),
      tenantId,
    }),
  ),
  'azure-native:monitor:DiagnosticSetting': arm(
    'Microsoft.Insights/diagnosticSettings/{name}',
    undefined,
    '{resourceUri}',
  ),
  'azure-native:network:FlowLog': arm(
    'Microsoft.Network/networkWatchers/{networkWatcherName}/flowLogs/{flowLogName}',
  ),
  'azure-native:network:NatGateway': arm('Microsoft.Network/natGateways/{natGatewayName}'),
  'azure-native:network:NetworkSecurityGroup': arm(
    'Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}',
  ),
  'azure-native:network:PrivateDnsZoneGroup': arm(
    'Microsoft.Network/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}',
  ),
  'azure-native:network:PrivateEndpoint': arm(
    'Microsoft.Network/privateEndpoints/{privateEndpointName}',
  ),
  'azure-native:network:PublicIPAddress': arm(
    'Microsoft.Network/publicIPAddresses/{publicIpAddressName}',
    // A block for documentation, which no machine has: RFC 5737.
    ({ digits }) => ({ ipAddress: `203.0.113.${parseInt(digits.slice(0, 2), 16)}` }),
  ),
  'azure-native:network:Subnet': arm(
    'Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}',
  ),
  'azure-native:network:VirtualNetwork': arm(
    'Microsoft.Network/virtualNetworks/{virtualNetworkName}',
  ),
  'azure-native:operationalinsights:Workspace': arm(
    'Microsoft.OperationalInsights/workspaces/{workspaceName}',
    ({ digits }) => ({ customerId: guid(digits) }),
  ),
  'azure-native:privatedns:PrivateZone': arm('Microsoft.Network/privateDnsZones/{privateZoneName}'),
  'azure-native:privatedns:VirtualNetworkLink': arm(
    'Microsoft.Network/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}',
  ),
  'azure-native:resources:ResourceGroup': {
    named: 'resourceGroupName',
    id: ({ inputs }) => `${subscription}/resourceGroups/${text(inputs.resourceGroupName)}`,
    outputs: ({ inputs }) => ({
      name: text(inputs.resourceGroupName),
      type: 'Microsoft.Resources/resourceGroups',
    }),
  },
  'azure-native:storage:BlobContainer': arm(
    'Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}',
  ),
  'azure-native:storage:BlobContainerImmutabilityPolicy': arm(
    'Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}/immutabilityPolicies/{immutabilityPolicyName}',
  ),
  'azure-native:storage:BlobServiceProperties': arm(
    'Microsoft.Storage/storageAccounts/{accountName}/blobServices/{blobServicesName}',
  ),
  'azure-native:storage:ManagementPolicy': arm(
    'Microsoft.Storage/storageAccounts/{accountName}/managementPolicies/{managementPolicyName}',
  ),
  'azure-native:storage:StorageAccount': arm(
    'Microsoft.Storage/storageAccounts/{accountName}',
    ({ inputs }) => ({
      primaryEndpoints: { blob: `https://${text(inputs.accountName)}.blob.core.windows.net/` },
    }),
  ),
  'azure-native:trafficmanager:Profile': arm(
    'Microsoft.Network/trafficManagerProfiles/{profileName}',
    ({ inputs }) => ({ dnsConfig: { fqdn: `${text(inputs.profileName)}.trafficmanager.net` } }),
  ),
};

/** The identity that Azure makes for a resource which asks for its own. */
function ownIdentity({ digits }: Made): JsonObject {
  return { identity: { principalId: guid(digits), tenantId } };
}

function clusterOutputs({ inputs, digits }: Made): JsonObject {
  const name = text(inputs.dnsPrefix) === '' ? text(inputs.resourceName) : text(inputs.dnsPrefix);
  const location = text(inputs.location);
  const guidOfIssuer = guid(digits.slice(8));
  return {
    privateFQDN: `${name}-${digits.slice(0, 8)}.${guid(digits)}.privatelink.${location}.azmk8s.io`,
    fqdn: `${name}-${digits.slice(0, 8)}.hcp.${location}.azmk8s.io`,
    oidcIssuerProfile: {
      issuerURL: `https://${location}.oic.prod-aks.azure.com/${tenantId}/${guidOfIssuer}/`,
    },
    provisioningState: 'Succeeded',
  };
}
