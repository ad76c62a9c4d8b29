import { SecurityGroup, type Subnet, type Vpc, VpcEndpoint } from '@pulumi/aws/ec2';
import { SecurityGroupIngressRule } from '@pulumi/aws/vpc';
import type { Output } from '@pulumi/pulumi';
import type { ChildContext } from '../aws-component';
import {
  type EndpointService,
  type EndpointServiceFact,
  endpointServices,
} from '../facts/endpoint-services';
import { policyDocument, type Statement } from '../support/policy';

interface EndpointsInput {
  readonly vpc: Vpc;
  readonly cidr: string;
  readonly subnets: readonly Subnet[];
  readonly services: readonly EndpointService[];
  readonly account: Output<string>;
}

/**
 * An interface endpoint for each service, in this region only, by the service's usual name.
 *
 * @returns that of S3
 */
export function addEndpoints(
  { name, region, tags, child }: ChildContext,
  { vpc, cidr, subnets, services, account }: EndpointsInput,
): VpcEndpoint {
  const group = new SecurityGroup(
    `${name}-endpoints`,
    {
      description: `Interface endpoints of ${name}`,
      vpcId: vpc.id,
      region,
      tags: { ...tags, Name: `${name}-endpoints` },
    },
    child,
  );
  new SecurityGroupIngressRule(
    `${name}-endpoints`,
    {
      description: 'TLS from within the network',
      securityGroupId: group.id,
      cidrIpv4: cidr,
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      region,
      tags,
    },
    child,
  );
  const endpointOf = (service: EndpointService): VpcEndpoint => {
    const { policy }: EndpointServiceFact = endpointServices[service];
    return new VpcEndpoint(
      `${name}-${service.replace('.', '-')}`,
      {
        vpcId: vpc.id,
        vpcEndpointType: 'Interface',
        // The name says the region, and serviceRegion, which reaches another, is never set.
        serviceName: `com.amazonaws.${region}.${service}`,
        privateDnsEnabled: true,
        // Otherwise pods would be sent to a gateway, whose public ranges no NetworkPolicy could tell
        // from anybody's bucket.
        ...(service === 's3'
          ? { dnsOptions: { privateDnsOnlyForInboundResolverEndpoint: false } }
          : {}),
        ...(policy === true
          ? { policy: policyDocument(...statements(service, region, account)) }
          : {}),
        subnetIds: subnets.map(({ id }) => id),
        securityGroupIds: [group.id],
        region,
        tags: { ...tags, Name: `${name}-${service}` },
      },
      child,
    );
  };
  for (const service of services.filter((s) => s !== 's3')) endpointOf(service);
  return endpointOf('s3');
}

/** Only this account's identities pass; and to S3, only to this account's buckets. */
function statements(
  service: EndpointService,
  region: string,
  account: Output<string>,
): readonly Statement[] {
  if (service !== 's3') {
    return [
      {
        Sid: 'OwnIdentities',
        Effect: 'Allow',
        Principal: '*',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalAccount': account } },
      },
    ];
  }
  return [
    {
      Sid: 'OwnBuckets',
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:*',
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': account },
      },
    },
    {
      // ECR keeps the layers of images in a bucket of its own; presigned, so by no identity of ours.
      Sid: 'LayersOfImages',
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::prod-${region}-starport-layer-bucket/*`,
    },
  ];
}
