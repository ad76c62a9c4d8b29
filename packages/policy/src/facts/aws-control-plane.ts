import type { Source } from '@manara/residency';
import type { Resource } from '../resource';

/**
 * Services whose resources have no region and hold no content of the zone's: who may do what, names,
 * accounts and bills. The region of the provider that makes them says nothing.
 */
const controlPlane: ReadonlySet<string> = new Set([
  'account',
  'billing',
  'budgets',
  'costexplorer',
  'iam',
  'organizations',
  'rolesanywhere',
  'route53domains',
]);

/** Of Route 53 only these: its resolvers have a region. */
const names: ReadonlySet<string> = new Set(
  [
    'CidrCollection',
    'CidrLocation',
    'DelegationSet',
    'HealthCheck',
    'HostedZoneDnsSec',
    'KeySigningKey',
    'QueryLog',
    'Record',
    'RecordsExclusive',
    'TrafficPolicy',
    'TrafficPolicyInstance',
    'VpcAssociationAuthorization',
    'Zone',
    'ZoneAssociation',
  ].map((kind) => `aws:route53:${kind}`),
);

export const controlPlaneSource: Source = {
  title:
    'botocore 1.44.5, endpoints.json: signed in us-east-1; @pulumi/aws 7.48: without region argument',
  where: 'botocore on PyPI; @pulumi/aws on npm',
  standing: 'primary',
  read: '2026-11-22',
};

export function isControlPlane({ service, type }: Pick<Resource, 'service' | 'type'>): boolean {
  return controlPlane.has(service) || names.has(type);
}
