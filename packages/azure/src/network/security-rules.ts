import type { EndpointClients } from '@manara/pulumi';
import { NetworkSecurityGroup } from '@pulumi/azure-native/network';
import type { ChildContext } from '../azure-component';

/**
 * Rules of the nodes' subnet. Azure's own let everything out to the internet: that is denied here, but
 * for what is asked for.
 */
export function nodeSecurityGroup(
  { name, location, resourceGroupName, tags, child }: ChildContext,
  internetRanges: readonly string[],
): NetworkSecurityGroup {
  const out = { direction: 'Outbound', sourceAddressPrefix: '*', sourcePortRange: '*' } as const;
  return new NetworkSecurityGroup(
    `${name}-nodes`,
    {
      location,
      resourceGroupName,
      securityRules: [
        ...(internetRanges.length === 0
          ? []
          : [
              {
                ...out,
                name: 'allow-named-ranges',
                priority: 4000,
                access: 'Allow',
                protocol: 'Tcp',
                destinationAddressPrefixes: [...internetRanges],
                destinationPortRange: '443',
              },
            ]),
        {
          ...out,
          name: 'deny-internet',
          priority: 4096,
          access: 'Deny',
          protocol: '*',
          destinationAddressPrefix: 'Internet',
          destinationPortRange: '*',
        },
      ],
      tags,
    },
    child,
  );
}

interface EndpointUsers {
  readonly cidr: string;
  readonly endpointClients?: EndpointClients;
}

/**
 * Private endpoints answer the network's own range and those of its clients over TLS, and nobody else.
 * Azure's tag `VirtualNetwork` would let in every network that is peered or comes over a gateway. Source:
 * Azure Virtual Network, Virtual network service tags (of April 2021); read 2026-11-22.
 */
export function endpointSecurityGroup(
  { name, location, resourceGroupName, tags, child }: ChildContext,
  { cidr, endpointClients = {} }: EndpointUsers,
): NetworkSecurityGroup {
  const from = {
    direction: 'Inbound',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
  } as const;
  const tls = { ...from, access: 'Allow', protocol: 'Tcp', destinationPortRange: '443' } as const;
  return new NetworkSecurityGroup(
    `${name}-endpoints`,
    {
      location,
      resourceGroupName,
      securityRules: [
        {
          ...tls,
          name: 'allow-tls-from-network',
          priority: 4000,
          sourceAddressPrefix: cidr,
        },
        ...Object.entries(endpointClients).map(([client, { range }], index) => ({
          ...tls,
          name: `allow-tls-from-client-${client}`,
          priority: 3000 + index,
          sourceAddressPrefix: range,
        })),
        {
          ...from,
          name: 'deny-others',
          priority: 4096,
          access: 'Deny',
          protocol: '*',
          sourceAddressPrefix: '*',
          destinationPortRange: '*',
        },
      ],
      tags,
    },
    child,
  );
}
