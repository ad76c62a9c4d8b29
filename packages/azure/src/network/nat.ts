import { NatGateway, PublicIPAddress } from '@pulumi/azure-native/network';
import type { ChildContext } from '../azure-component';

/** The one door to the internet: what goes out, goes by its address. */
export function addNatGateway({
  name,
  location,
  resourceGroupName,
  tags,
  child,
}: ChildContext): NatGateway {
  const address = new PublicIPAddress(
    `${name}-nat`,
    {
      location,
      resourceGroupName,
      sku: { name: 'Standard' },
      publicIPAllocationMethod: 'Static',
      tags,
    },
    child,
  );
  return new NatGateway(
    name,
    {
      location,
      resourceGroupName,
      sku: { name: 'Standard' },
      publicIpAddresses: [{ id: address.id }],
      tags,
    },
    child,
  );
}
