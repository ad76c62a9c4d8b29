import type { EndpointClients } from '@manara/pulumi';
import { SecurityGroup, type Subnet, type Vpc, VpcEndpoint } from '@pulumi/aws/ec2';
import { SecurityGroupIngressRule } from '@pulumi/aws/vpc';
import { interpolate, type Output } from '@pulumi/pulumi';
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
  readonly clients: EndpointClients;
  readonly subnets: readonly Subnet[];
  readonly services: readonly EndpointService[];
  readonly account: Output<string>;
}

/** Endpoints that others are told of. */
export interface Endpoints {
  readonly s3: VpcEndpoint;
  readonly sts: VpcEndpoint;
}

/** An interface endpoint for each service, in this region only, by the service's usual name. */
export function addEndpoints(
  { name, region, tags, child }: ChildContext,
  { vpc, cidr, clients, subnets, services, account }: EndpointsInput,
): Endpoints {
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
  const letIn = (suffix: string, description: string, cidrIpv4: string): void => {
    new SecurityGroupIngressRule(
      `${name}-endpoints${suffix}`,
      {
        description,
        securityGroupId: group.id,
        cidrIpv4,
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        region,
        tags,
      },
      child,
    );
  };
  letIn('', 'TLS from within the network', cidr);
  for (const [client, { range }] of Object.entries(clients)) {
    letIn(`-${client}`, `TLS from ${client}`, range);
  }
  const hasClients = Object.keys(clients).length > 0;
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
          ? { policy: policyDocument(...statements(service, { region, account, hasClients })) }
          : {}),
        subnetIds: subnets.map(({ id }) => id),
        securityGroupIds: [group.id],
        region,
        tags: { ...tags, Name: `${name}-${service}` },
      },
      child,
    );
  };
  for (const service of services) if (service !== 's3' && service !== 'sts') endpointOf(service);
  return { s3: endpointOf('s3'), sts: endpointOf('sts') };
}

interface PolicyScope {
  readonly region: string;
  readonly account: Output<string>;
  readonly hasClients: boolean;
}

/** Only this account's identities pass; and to S3, only to this account's buckets. */
function statements(
  service: EndpointService,
  { region, account, hasClients }: PolicyScope,
): readonly Statement[] {
  if (service !== 's3') {
    const ownIdentities: Statement = {
      Sid: 'OwnIdentities',
      Effect: 'Allow',
      Principal: '*',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': account } },
    };
    return service === 'sts' && hasClients
      ? [ownIdentities, webIdentities(account)]
      : [ownIdentities];
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

/**
 * Who shows a token of another cluster is no identity of the account yet; each role says whom it takes.
 * Source: AWS IAM, Control access to AWS STS with VPC endpoint policies: federated callers; read 2026-11-22.
 */
function webIdentities(account: Output<string>): Statement {
  return {
    Sid: 'WebIdentities',
    Effect: 'Allow',
    Principal: '*',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Resource: interpolate`arn:aws:iam::${account}:role/*`,
  };
}
