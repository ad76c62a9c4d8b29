import { azureResource, passes, refused, uae } from '../support/judge';

const withPair = {
  ...uae,
  zone: { ...uae.zone, places: [...uae.zone.places, 'azure:uaecentral'] as const },
};

function account(sku: string, location = 'uaenorth') {
  return azureResource('azure-native:storage:StorageAccount', {
    location,
    sku: { name: sku },
    publicNetworkAccess: 'Disabled',
  });
}

describe('geo-redundant copies', () => {
  for (const sku of [
    'Standard_GRS',
    'Standard_RAGRS',
    'Standard_GZRS',
    'Standard_RAGZRS',
    'StandardV2_GRS',
  ]) {
    it(`of ${sku} are in the pair of the region`, async () => {
      await refused(
        'flow-stays-in-zone',
        account(sku),
        new RegExp(`, sku.name ${sku}" is at azure:uaecentral, outside`),
      );
      await passes(account(sku), withPair);
    });
  }

  it('are not made by local and zone redundancy', async () => {
    for (const sku of ['Standard_LRS', 'Standard_ZRS', 'Premium_ZRS', 'StandardV2_LRS']) {
      await passes(account(sku));
    }
  });

  it('of a region whose pair is not known are refused', async () => {
    await refused(
      'flow-is-declared',
      account('Standard_GRS', 'westeurope'),
      /copies to the pair of azure:westeurope, and which that is was not read/,
    );
  });

  it('of databases are judged as well', async () => {
    for (const [type, on, off] of [
      [
        'azure-native:sql:Database',
        { requestedBackupStorageRedundancy: 'Geo' },
        { requestedBackupStorageRedundancy: 'Zone' },
      ],
      [
        'azure-native:dbforpostgresql:Server',
        { backup: { geoRedundantBackup: 'Enabled' } },
        { backup: { geoRedundantBackup: 'Disabled' } },
      ],
    ] as const) {
      await refused('flow-stays-in-zone', azureResource(type, on), /is at azure:uaecentral/);
      await passes(azureResource(type, off));
    }
  });
});
