import { azureTypes, documented, type PolicyRule } from '../policy-rule';

/** Nobody reads a storage account's blobs without saying who they are. */
export const storageAccountIsNotPublic: PolicyRule = {
  id: 'storage-account-is-not-public',
  title: 'the blobs of a storage account are not public',
  sources: [
    documented(azureTypes, 'storage.StorageAccount, allowBlobPublicAccess: false by default'),
    documented(azureTypes, 'containerregistry.Registry, anonymousPullEnabled'),
  ],
  types: ['azure-native:storage:StorageAccount', 'azure-native:containerregistry:Registry'],
  *check({ props }) {
    for (const key of ['allowBlobPublicAccess', 'anonymousPullEnabled'] as const) {
      if (props[key] !== true) continue;
      yield { because: `${key}: true lets everybody read it`, fix: `${key}: false` };
    }
  },
};
