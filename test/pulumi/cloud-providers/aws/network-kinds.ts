import type { Kind, Made } from '../cloud';
import { arnOf, input, named, numbered, part } from './kind';

/** Networks, and what starts machines in them. */
export const networkKinds: Readonly<Record<string, Kind>> = {
  'aws:ec2/vpc:Vpc': numbered('ec2', 'vpc', 'vpc', {
    fixed: ['cidrBlock', 'instanceTenancy'],
    outputs: (_, id) => ({
      defaultRouteTableId: ofVpc(id, 'rtb'),
      defaultSecurityGroupId: ofVpc(id, 'sg'),
      defaultNetworkAclId: ofVpc(id, 'acl'),
    }),
  }),
  'aws:ec2/defaultRouteTable:DefaultRouteTable': part('', ['defaultRouteTableId'], (made, id) => ({
    arn: arnOf('ec2', made, `route-table/${id}`),
  })),
  'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup': {
    fixed: ['vpcId'],
    id: (made) => ofVpc(input(made, 'vpcId'), 'sg'),
    outputs: (made, id) => ({ arn: arnOf('ec2', made, `security-group/${id}`), name: 'default' }),
  },
  'aws:ec2/subnet:Subnet': numbered('ec2', 'subnet', 'subnet', {
    fixed: ['vpcId', 'cidrBlock', 'availabilityZone', 'availabilityZoneId'],
  }),
  'aws:ec2/routeTable:RouteTable': numbered('ec2', 'rtb', 'route-table', { fixed: ['vpcId'] }),
  'aws:ec2/routeTableAssociation:RouteTableAssociation': numbered('ec2', 'rtbassoc', 'association'),
  'aws:ec2/route:Route': {
    fixed: ['routeTableId', 'destinationCidrBlock'],
    id: (made) => `r-${input(made, 'routeTableId')}${made.digits.slice(0, 10)}`,
    outputs: () => ({ origin: 'CreateRoute', state: 'active' }),
  },
  'aws:ec2/securityGroup:SecurityGroup': {
    ...numbered('ec2', 'sg', 'security-group', { fixed: ['vpcId', 'description'] }),
    named: 'name',
  },
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': numbered(
    'ec2',
    'sgr',
    'security-group-rule',
    { fixed: ['securityGroupId'] },
  ),
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule': numbered(
    'ec2',
    'sgr',
    'security-group-rule',
    { fixed: ['securityGroupId'] },
  ),
  'aws:ec2/internetGateway:InternetGateway': numbered('ec2', 'igw', 'internet-gateway'),
  'aws:ec2/natGateway:NatGateway': numbered('ec2', 'nat', 'natgateway', {
    fixed: ['subnetId', 'allocationId', 'connectivityType'],
  }),
  'aws:ec2/eip:Eip': numbered('ec2', 'eipalloc', 'elastic-ip', {
    fixed: ['domain'],
    // A block for documentation, which no machine has: RFC 5737.
    outputs: ({ digits }, id) => ({
      allocationId: id,
      publicIp: `203.0.113.${parseInt(digits.slice(0, 2), 16)}`,
    }),
  }),
  'aws:ec2/flowLog:FlowLog': numbered('ec2', 'fl', 'vpc-flow-log', {
    fixed: ['vpcId', 'logDestination', 'trafficType', 'iamRoleArn'],
  }),
  'aws:ec2/vpcEndpoint:VpcEndpoint': numbered('ec2', 'vpce', 'vpc-endpoint', {
    fixed: ['vpcId', 'serviceName', 'vpcEndpointType'],
    outputs: (made, id) => ({
      state: 'available',
      ownerId: '111122223333',
      dnsEntries: [{ dnsName: endpointName(made, id), hostedZoneId: 'Z0123456789ABCDEFGHIJ' }],
    }),
  }),
  'aws:ec2/launchTemplate:LaunchTemplate': {
    ...numbered('ec2', 'lt', 'launch-template', {
      outputs: ({ revision }) => ({ latestVersion: revision, defaultVersion: 1 }),
    }),
    named: 'name',
  },
  'aws:ec2/placementGroup:PlacementGroup': named(
    'ec2',
    'name',
    (_, id) => `placement-group/${id}`,
    {
      fixed: ['strategy'],
      outputs: ({ digits }) => ({ placementGroupId: `pg-${digits.slice(0, 17)}` }),
    },
  ),
};

/** The parts that each VPC has from its beginning bear its digits. */
function ofVpc(vpcId: string, prefix: string): string {
  return vpcId.replace(/^vpc/, prefix);
}

/**
 * An endpoint's own name; that of S3 has a star before it. Source: Amazon VPC, AWS PrivateLink, and
 * Amazon S3, AWS PrivateLink for Amazon S3; read 2026-11-22.
 */
function endpointName(made: Made, id: string): string {
  const service = input(made, 'serviceName').split('.').slice(3).join('.');
  const star = service === 's3' ? '*.' : '';
  return `${star}${id}-${made.digits.slice(0, 8)}.${service}.${made.region}.vpce.amazonaws.com`;
}
