import { azureTypes, documented, type PolicyRule } from '../policy-rule';
import { at } from '../read';

/** The API server of a cluster is reached from its network only. */
export const aksApiServerIsPrivate: PolicyRule = {
  id: 'aks-api-server-is-private',
  title: 'the API server of an AKS cluster is private',
  sources: [documented(azureTypes, 'ManagedCluster, apiServerAccessProfile.enablePrivateCluster')],
  types: ['azure-native:containerservice:ManagedCluster'],
  *check({ props }) {
    const isPrivate = at(props.apiServerAccessProfile, 'enablePrivateCluster');
    if (isPrivate === true) return;
    yield {
      because: `apiServerAccessProfile.enablePrivateCluster: expected true, received ${isPrivate === false ? 'false' : 'none'}`,
      fix: 'apiServerAccessProfile: { enablePrivateCluster: true }',
    };
  },
};
