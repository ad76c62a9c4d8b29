import { PrivateZone, VirtualNetworkLink } from '@pulumi/azure-native/privatedns';
import type { VirtualNetwork } from '@pulumi/azure-native/network';
import type { Output } from '@pulumi/pulumi';
import type { ChildContext } from '../azure-component';
import { type PrivateLinkService, privateLinkServices } from '../facts/private-link';

/** A zone for the names of each service, which only the network resolves. @returns their ids */
export function addPrivateDns(
  context: ChildContext,
  network: VirtualNetwork,
): Readonly<Record<PrivateLinkService, Output<string>>> {
  return {
    vault: addZone(context, network, 'vault'),
    blob: addZone(context, network, 'blob'),
    registry: addZone(context, network, 'registry'),
  };
}

function addZone(
  { name, resourceGroupName, tags, child }: ChildContext,
  network: VirtualNetwork,
  service: PrivateLinkService,
): Output<string> {
  // Private DNS is a global service: its resources take no other location.
  const location = 'global';
  const zone = new PrivateZone(
    `${name}-${service}`,
    {
      location,
      privateZoneName: privateLinkServices[service].dnsZone,
      resourceGroupName,
      tags,
    },
    child,
  );
  new VirtualNetworkLink(
    `${name}-${service}`,
    {
      location,
      privateZoneName: zone.name,
      resourceGroupName,
      registrationEnabled: false,
      virtualNetwork: { id: network.id },
      tags,
    },
    child,
  );
  return zone.id;
}
