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

/** Private endpoints answer the network over TLS, and nobody else. */
export function endpointSecurityGroup({
  name,
  location,
  resourceGroupName,
  tags,
  child,
}: ChildContext): NetworkSecurityGroup {
  const from = {
    direction: 'Inbound',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
  } as const;
  return new NetworkSecurityGroup(
    `${name}-endpoints`,
    {
      location,
      resourceGroupName,
      securityRules: [
        {
          ...from,
          name: 'allow-tls-from-network',
          priority: 4000,
          access: 'Allow',
          protocol: 'Tcp',
          sourceAddressPrefix: 'VirtualNetwork',
          destinationPortRange: '443',
        },
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
