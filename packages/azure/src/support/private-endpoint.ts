import { PrivateDnsZoneGroup, PrivateEndpoint } from '@pulumi/azure-native/network';
import type { Input } from '@pulumi/pulumi';
import type { ChildContext } from '../azure-component';
import { type PrivateLinkService, privateLinkServices } from '../facts/private-link';
import type { ServingNetwork } from '../serving-network';

/** Lets a network reach a resource at an address of its own, under the name that it has anyway. */
export function addPrivateEndpoint(
  { name, location, resourceGroupName, tags, child }: ChildContext,
  network: ServingNetwork,
  service: PrivateLinkService,
  resourceId: Input<string>,
): PrivateDnsZoneGroup {
  const endpoint = new PrivateEndpoint(
    name,
    {
      location,
      resourceGroupName,
      subnet: { id: network.endpointSubnetId },
      privateLinkServiceConnections: [
        {
          name: service,
          privateLinkServiceId: resourceId,
          groupIds: [privateLinkServices[service].groupId],
        },
      ],
      tags,
    },
    child,
  );
  return new PrivateDnsZoneGroup(
    name,
    {
      resourceGroupName,
      privateEndpointName: endpoint.name,
      privateDnsZoneGroupName: 'default',
      privateDnsZoneConfigs: [
        { name: service, privateDnsZoneId: network.privateDnsZoneIds[service] },
      ],
    },
    child,
  );
}
