import { azureTypes, documented, type PolicyRule } from '../policy-rule';
import { at, text } from '../read';

/** Stores and services that Azure opens to the internet where nothing is said. */
const openByDefault: ReadonlySet<string> = new Set([
  'azure-native:cognitiveservices:Account',
  'azure-native:containerregistry:Registry',
  'azure-native:cosmosdb:DatabaseAccount',
  'azure-native:keyvault:Vault',
  'azure-native:sql:Server',
  'azure-native:storage:StorageAccount',
]);

/** A service of Azure that can be private is. */
export const publicNetworkAccessIsOff: PolicyRule = {
  id: 'public-network-access-is-off',
  title: 'public network access to an Azure service is off',
  sources: [
    documented(azureTypes, 'publicNetworkAccess: Enabled, Disabled or SecuredByPerimeter'),
    {
      title: 'What is not said to be private is taken for public',
      where: 'inferred by Manara',
      standing: 'computed',
      read: '2026-11-22',
    },
  ],
  *check({ package: pkg, type, props }) {
    if (pkg !== 'azure-native') return;
    const access =
      text(props.publicNetworkAccess) ?? text(at(props.properties, 'publicNetworkAccess'));
    const closed = access === undefined ? !openByDefault.has(type) : !/^enabled$/i.test(access);
    if (closed) return;
    yield {
      because: `publicNetworkAccess: expected "Disabled", received ${access ?? 'none'}`,
      fix: "publicNetworkAccess: 'Disabled', and a private endpoint",
    };
  },
};
