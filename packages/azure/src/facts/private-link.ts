import type { Source } from '@manara/residency';

/** A service that answers at a private endpoint: its sub-resource, and the DNS zone of its names. */
export interface PrivateLinkFact {
  readonly groupId: string;
  readonly dnsZone: string;
}

/** The services that every network has a DNS zone for. */
export const privateLinkServices = {
  vault: { groupId: 'vault', dnsZone: 'privatelink.vaultcore.azure.net' },
  blob: { groupId: 'blob', dnsZone: 'privatelink.blob.core.windows.net' },
  registry: { groupId: 'registry', dnsZone: 'privatelink.azurecr.io' },
} as const satisfies Readonly<Record<string, PrivateLinkFact>>;

export type PrivateLinkService = keyof typeof privateLinkServices;

export const privateLinkSource: Source = {
  title: 'Azure Private Link, Private endpoint private DNS zone values (public cloud)',
  where: 'copies of MicrosoftDocs on GitHub',
  standing: 'secondary',
  read: '2026-11-22',
};
