import { version } from '@pulumi/azure-native/package.json';
import { type JsonObject, text } from '../../plugin/json';
import { type Cloud, guid, kindIn } from '../cloud';
import type { RecordedCloud } from '../recorded-cloud';
import { subscriptionId, tenantId } from './kind';
import { kinds } from './kinds';

const cluster = 'azure-native:containerservice:ManagedCluster';

export const azure: Cloud = {
  package: 'azure-native',
  npmPackage: '@pulumi/azure-native',
  version,
  places: ['location'],
  faultsOf: () => [],
  // A role's assignment has a GUID for a name.
  nameOf: (type, name, digits) =>
    type.endsWith(':RoleAssignment') ? guid(digits) : `${name}${digits.slice(0, 8)}`,
  kindOf: (type) => kindIn(kinds, type, 'azure/kinds.ts'),
  expired:
    'Status=401 Code="ExpiredAuthenticationToken" Message="The access token expiry UTC time is earlier than current UTC time."',
  functions: {
    'azure-native:authorization:getClientConfig': () => ({
      clientId: '00000000-0000-4000-8000-00000000c11e',
      objectId: '00000000-0000-4000-8000-0000000b7ec7',
      subscriptionId,
      tenantId,
    }),
    'azure-native:containerservice:listManagedClusterUserCredentials': userCredentials,
  },
};

/** A kubeconfig without a credential, as a cluster has it that asks Entra ID. */
function userCredentials(args: JsonObject, cloud: RecordedCloud): JsonObject {
  const { resourceGroupName, resourceName } = args;
  const inputs = { resourceGroupName: text(resourceGroupName), resourceName: text(resourceName) };
  const id = kindIn(kinds, cluster, '').id({ inputs, region: '', digits: '', revision: 1 });
  const found = cloud.find(cluster, id);
  if (found === undefined) {
    throw new Error(
      `Status=404 Code="ResourceNotFound" Message="The Resource '${id}' was not found"`,
    );
  }
  const authority = Buffer.from(`authority of ${id}`).toString('base64');
  const kubeconfig = [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    `- name: ${inputs.resourceName}`,
    '  cluster:',
    `    certificate-authority-data: ${authority}`,
    `    server: https://${text(found.outputs.privateFQDN)}:443`,
    '',
  ].join('\n');
  const value = Buffer.from(kubeconfig).toString('base64');
  return { kubeconfigs: [{ name: 'clusterUser', value }] };
}
