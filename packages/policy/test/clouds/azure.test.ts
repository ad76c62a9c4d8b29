import { azureResource, passes, refused } from '../support/judge';

const group = 'azure-native:resources:ResourceGroup';

describe('where a resource of Azure is', () => {
  it('is its location, by name or by display name', async () => {
    await passes(azureResource(group));
    await passes({ type: group, props: { location: 'UAE North' } });
    await refused(
      'flow-stays-in-zone',
      { type: group, props: { location: 'West Europe' } },
      /is at azure:westeurope/,
    );
  });

  it("is its provider's where it has none", async () => {
    await passes({ type: group, providerProps: { location: 'uaenorth' } });
    await refused(
      'flow-stays-in-zone',
      { type: group, providerProps: { location: 'northeurope' } },
      /is at azure:northeurope/,
    );
  });

  it('is told by every version of a type', async () => {
    for (const type of [
      'azure-native:compute/v20240301:Disk',
      'azure-native_compute_v20240301:compute:Disk',
    ]) {
      await refused(
        'flow-stays-in-zone',
        { type, props: { location: 'eastus' } },
        /"azure-native:compute:Disk "it"" is at azure:eastus/,
      );
    }
  });

  it("is its parent's where it can have none of its own, and otherwise refused", async () => {
    await passes({
      type: 'azure-native:storage:BlobContainer',
      props: { accountName: 'bank', resourceGroupName: 'bank' },
    });
    await refused(
      'flow-is-declared',
      { type: 'azure-native:operationalinsights:Workspace' },
      /neither it nor its provider names a location/,
    );
  });

  it('is never "global", but for names', async () => {
    await refused(
      'flow-is-declared',
      { type: 'azure-native:monitor:ActionGroup', props: { location: 'global' } },
      /received "azure:global"/,
    );
    await passes({ type: 'azure-native:privatedns:PrivateZone', props: { location: 'global' } });
  });
});
