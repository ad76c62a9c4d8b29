import assert from 'node:assert/strict';
import { auditTree } from '@manara/constructs';
import { type Registered, settled } from '@manara/pulumi-testing';
import { output } from '@pulumi/pulumi';
import { ServingKeys, type ServingNetwork } from '../src';
import { account, home, inputsOf, lazily, record, tags, zone } from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { base, network } from './support/stack';

const ours = tags('ServingNetwork/net');
const region = 'me-central-1';
const named = (name: string) => ({ ...ours, Name: name });

const run = (args: object = {}) => record(() => network(base(), args));
const usual = lazily(() => run());

const bureau = { name: 'credit bureau', place: 'azure:uaenorth', addresses: ['20.38.0.0/24'] };
const internet = { why: 'scores are bought', to: [bureau] };

async function inputs(type: string, name: string) {
  const { registered } = await usual();
  return inputsOf(registered, type, name);
}

/** Names of the network's children of a type. */
function children(registered: readonly Registered[], type: string): readonly string[] {
  return registered.filter((r) => r.parent === 'net' && r.type === type).map(({ name }) => name);
}

describe('ServingNetwork', () => {
  it('is a network whose defaults lead nowhere, and let nothing in or out', async () => {
    assert.deepEqual(await inputs('aws:ec2/vpc:Vpc', 'net'), {
      cidrBlock: '10.20.0.0/16',
      enableDnsSupport: true,
      enableDnsHostnames: true,
      region,
      tags: named('net'),
    });
    assert.deepEqual(
      await inputs('aws:ec2/defaultSecurityGroup:DefaultSecurityGroup', 'net-default'),
      { vpcId: 'net-id', region, tags: ours },
    );
    assert.deepEqual(await inputs('aws:ec2/defaultRouteTable:DefaultRouteTable', 'net-default'), {
      defaultRouteTableId: 'net-main',
      routes: [],
      region,
      tags: ours,
    });
  });

  it('has private subnets for workloads and endpoints in every zone, by its id', async () => {
    assert.deepEqual(children((await usual()).registered, 'aws:ec2/subnet:Subnet'), [
      'net-workload-mec1-az1',
      'net-endpoints-mec1-az1',
      'net-workload-mec1-az2',
      'net-endpoints-mec1-az2',
      'net-workload-mec1-az3',
      'net-endpoints-mec1-az3',
    ]);
    assert.deepEqual(await inputs('aws:ec2/subnet:Subnet', 'net-workload-mec1-az2'), {
      vpcId: 'net-id',
      cidrBlock: '10.20.64.0/18',
      availabilityZoneId: 'mec1-az2',
      mapPublicIpOnLaunch: false,
      region,
      tags: named('net-workload-mec1-az2'),
    });
    assert.equal(
      (await inputs('aws:ec2/subnet:Subnet', 'net-endpoints-mec1-az3')).cidrBlock,
      '10.20.192.128/26',
    );
  });

  it('has no route but its own, and neither a gateway nor an address on the internet', async () => {
    const { registered } = await usual();
    const types = new Set(registered.map(({ type }) => type));
    for (const type of [
      'internetGateway:InternetGateway',
      'natGateway:NatGateway',
      'eip:Eip',
      'route:Route',
    ]) {
      assert(!types.has(`aws:ec2/${type}`), type);
    }
    assert.deepEqual(
      inputsOf(registered, 'aws:ec2/routeTable:RouteTable', 'net-workload-mec1-az1'),
      { vpcId: 'net-id', region, tags: named('net-workload-mec1-az1') },
    );
    assert.deepEqual(
      inputsOf(
        registered,
        'aws:ec2/routeTableAssociation:RouteTableAssociation',
        'net-workload-mec1-az1',
      ),
      { subnetId: 'net-workload-mec1-az1-id', routeTableId: 'net-workload-mec1-az1-id', region },
    );
  });

  it('gives out the route tables of its workloads, to which a private connection adds its routes', async () => {
    const { workloadRouteTableIds } = (await usual()).result;
    const ids = Object.entries(workloadRouteTableIds).map(
      async ([zone, id]) => [zone, await settled(id)] as const,
    );
    assert.deepEqual(await Promise.all(ids), [
      ['mec1-az1', 'net-workload-mec1-az1-id'],
      ['mec1-az2', 'net-workload-mec1-az2-id'],
      ['mec1-az3', 'net-workload-mec1-az3-id'],
    ]);
  });

  it('has an interface endpoint for each service that a private cluster needs', async () => {
    const { registered } = await usual();
    assert.deepEqual([...children(registered, 'aws:ec2/vpcEndpoint:VpcEndpoint')].sort(), [
      'net-ec2',
      'net-ecr-api',
      'net-ecr-dkr',
      'net-eks',
      'net-eks-auth',
      'net-kms',
      'net-logs',
      'net-s3',
      'net-sts',
    ]);
  });

  const endpoint = {
    vpcId: 'net-id',
    vpcEndpointType: 'Interface',
    privateDnsEnabled: true,
    subnetIds: ['1', '2', '3'].map((n) => `net-endpoints-mec1-az${n}-id`),
    securityGroupIds: ['net-endpoints-id'],
    region,
  };

  it('reaches S3 within the region, and of its buckets the own account’s', async () => {
    assert.deepEqual(await inputs('aws:ec2/vpcEndpoint:VpcEndpoint', 'net-s3'), {
      ...endpoint,
      serviceName: 'com.amazonaws.me-central-1.s3',
      dnsOptions: { privateDnsOnlyForInboundResolverEndpoint: false },
      tags: named('net-s3'),
      policy: {
        Version: '2012-10-17',
        Statement: [
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
            Sid: 'LayersOfImages',
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: 'arn:aws:s3:::prod-me-central-1-starport-layer-bucket/*',
          },
        ],
      },
    });
  });

  it('lets only identities of the own account through the other endpoints that take a policy', async () => {
    assert.deepEqual(await inputs('aws:ec2/vpcEndpoint:VpcEndpoint', 'net-ecr-api'), {
      ...endpoint,
      serviceName: 'com.amazonaws.me-central-1.ecr.api',
      tags: named('net-ecr.api'),
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'OwnIdentities',
            Effect: 'Allow',
            Principal: '*',
            Action: '*',
            Resource: '*',
            Condition: { StringEquals: { 'aws:PrincipalAccount': account } },
          },
        ],
      },
    });
    assert.deepEqual(await inputs('aws:ec2/vpcEndpoint:VpcEndpoint', 'net-eks'), {
      ...endpoint,
      serviceName: 'com.amazonaws.me-central-1.eks',
      tags: named('net-eks'),
    });
  });

  it('adds the services that it is asked for, each once', async () => {
    const { registered } = await run({ services: ['sqs', 'kms'] });
    const names = children(registered, 'aws:ec2/vpcEndpoint:VpcEndpoint');
    assert.equal(names.filter((name) => name === 'net-kms').length, 1);
    assert(names.includes('net-sqs'));
  });

  it('answers at its endpoints over TLS, to the network alone', async () => {
    assert.deepEqual(await inputs('aws:ec2/securityGroup:SecurityGroup', 'net-endpoints'), {
      description: 'Interface endpoints of net',
      vpcId: 'net-id',
      region,
      tags: named('net-endpoints'),
    });
    assert.deepEqual(
      await inputs('aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule', 'net-endpoints'),
      {
        description: 'TLS from within the network',
        securityGroupId: 'net-endpoints-id',
        cidrIpv4: '10.20.0.0/16',
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        region,
        tags: ours,
      },
    );
  });

  it('logs every connection to an encrypted log group, by a role that can write no other', async () => {
    const { registered } = await run({ logRetentionDays: 731 });
    assert.deepEqual(inputsOf(registered, 'aws:cloudwatch/logGroup:LogGroup', 'net-flow-logs'), {
      kmsKeyId: 'arn:keys-logs',
      retentionInDays: 731,
      region,
      tags: ours,
    });
    assert.deepEqual(inputsOf(registered, 'aws:iam/role:Role', 'net-flow-logs'), {
      description: 'Writes the flow logs of net',
      assumeRolePolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': account } },
          },
        ],
      },
      tags: ours,
    });
    assert.deepEqual(inputsOf(registered, 'aws:iam/rolePolicy:RolePolicy', 'net-flow-logs'), {
      role: 'net-flow-logs-role',
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'WriteOneLogGroup',
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
            Resource: ['arn:net-flow-logs', 'arn:net-flow-logs:*'],
          },
        ],
      },
    });
    assert.deepEqual(inputsOf(registered, 'aws:ec2/flowLog:FlowLog', 'net-flow-logs'), {
      vpcId: 'net-id',
      trafficType: 'ALL',
      maxAggregationInterval: 60,
      logDestinationType: 'cloud-watch-logs',
      logDestination: 'arn:net-flow-logs',
      iamRoleArn: 'arn:net-flow-logs',
      region,
      tags: ours,
    });
  });

  it('gives the ranges of its endpoints as a peer, and no wider', async () => {
    const { result } = await usual();
    const ranges = ['10.20.192.0/26', '10.20.192.64/26', '10.20.192.128/26'];
    assert.deepEqual([...result.endpointRanges], ranges);
    assert.deepEqual(result.endpoints.cidrs, ranges);
  });

  describe('with a way out over the internet', () => {
    const open = lazily(() => run({ internet }));

    it('has a route for the stated ranges, and for no other', async () => {
      const { registered } = await open();
      const routes = registered.filter(({ type }) => type === 'aws:ec2/route:Route');
      assert.deepEqual(
        routes.map(({ name }) => name),
        [
          'net-nat-0',
          'net-workload-mec1-az1-0',
          'net-workload-mec1-az2-0',
          'net-workload-mec1-az3-0',
        ],
      );
      for (const { inputs: route } of routes) {
        assert.equal(route.destinationCidrBlock, '20.38.0.0/24');
      }
      assert.deepEqual(inputsOf(registered, 'aws:ec2/route:Route', 'net-workload-mec1-az2-0'), {
        routeTableId: 'net-workload-mec1-az2-id',
        destinationCidrBlock: '20.38.0.0/24',
        natGatewayId: 'net-nat-mec1-az2-id',
        region,
      });
    });

    it('has a NAT gateway in every zone, in a subnet of its own', async () => {
      const { registered } = await open();
      assert.equal(
        inputsOf(registered, 'aws:ec2/subnet:Subnet', 'net-nat-mec1-az3').cidrBlock,
        '10.20.192.224/28',
      );
      const nat = registered.filter(({ type }) => type === 'aws:ec2/natGateway:NatGateway');
      assert.deepEqual(
        nat.map(({ name, dependsOn }) => [name, dependsOn.includes('net-internet')]),
        ['1', '2', '3'].map((n) => [`net-nat-mec1-az${n}`, true]),
      );
    });

    it('declares an egress flow for each destination, with the reason', async () => {
      const { result } = await open();
      const flows = auditTree(result.zone).flatMap((audit) => audit.flows);
      assert.deepEqual(
        flows.filter(({ kind }) => kind === 'egress'),
        [
          {
            status: 'declared',
            kind: 'egress',
            owner: 'bank/aws:ServingNetwork:net',
            dataClasses: result.zone.data,
            from: { name: 'network net', place: home },
            to: {
              name: 'credit bureau (scores are bought)',
              place: 'azure:uaenorth',
              addresses: ['20.38.0.0/24'],
            },
            encryption: 'tls',
          },
        ],
      );
    });

    refusesAbroad(
      'net',
      (on) =>
        network(
          { ...on, place: home },
          { internet: { why: 'x', to: [{ ...bureau, place: on.place }] } },
        ),
      /egress flow of bank\/aws:ServingNetwork:net: "credit bureau \(x\)" is at aws:eu-west-1, outside zone/,
    );
  });

  it('declares its flow logs', async () => {
    const { result } = await usual();
    const flows = auditTree(result.zone).flatMap((audit) => audit.flows);
    assert.deepEqual(
      flows
        .filter(({ kind }) => kind === 'log')
        .map((flow) => flow.status === 'declared' && flow.to),
      [{ name: 'flow logs of net', place: home }],
    );
    assert.deepEqual(
      flows.filter(({ kind }) => kind === 'egress'),
      [],
    );
  });

  refusesAbroad('net', (on) => network(on));

  const at = 'manara:aws:ServingNetwork "net":';
  const zones =
    'availabilityZones: expected two to seven different some of mec1-az1, mec1-az2, mec1-az3';
  const cidr =
    'cidr: expected a range of /16 to /22 within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, by its first address';
  const net =
    (args: object) =>
    (on: Parameters<typeof network>[0]): ServingNetwork<never> | object =>
      network(on, args);
  refuses('net', [
    [
      'zones by a name that is another zone in each account',
      net({ availabilityZones: ['me-central-1a', 'mec1-az2'] }),
      `${at} ${zones}; received "me-central-1a" (MANARA_ARGS)`,
    ],
    [
      'a zone of another region',
      net({ availabilityZones: ['mec1-az1', 'mes1-az1'] }),
      `${at} ${zones}; received "mes1-az1" (MANARA_ARGS)`,
    ],
    [
      'a single zone',
      net({ availabilityZones: ['mec1-az1'] }),
      `${at} ${zones}; received ["mec1-az1"] (MANARA_ARGS)`,
    ],
    [
      'a range that begins elsewhere',
      net({ cidr: '10.20.0.1/16' }),
      `${at} ${cidr}; received "10.20.0.1/16" (MANARA_ARGS)`,
    ],
    [
      'a range of somebody else on the internet',
      net({ cidr: '20.38.0.0/16' }),
      `${at} ${cidr}; received "20.38.0.0/16" (MANARA_ARGS)`,
    ],
    [
      'a range known only after deployment',
      net({ cidr: output('10.20.0.0/16') }),
      `${at} cidr: expected text; received an Output, whose value is known only after deployment (MANARA_ARGS)`,
    ],
    [
      'a range that overlaps a peer’s',
      net({ peers: { 'azure hub': '10.16.0.0/12' } }),
      `${at} cidr: expected a range apart from 10.16.0.0/12 of "azure hub", or packets between them could not be routed; received "10.20.0.0/16" (MANARA_ARGS)`,
    ],
    [
      'a peer’s range that is none',
      net({ peers: { hub: '10.30.0.0' } }),
      `${at} peers["hub"]: expected a range such as 10.30.0.0/16; received "10.30.0.0" (MANARA_ARGS)`,
    ],
    [
      'a range too small for what runs in it',
      net({ cidr: '10.20.0.0/21', addressesPerZone: 1000 }),
      `${at} cidr: expected room for 1000 addresses in each of 3 zones, and for as many zones as 3; 10.20.0.0/21 has 507 in a zone; give a wider range; received "10.20.0.0/21" (MANARA_ARGS)`,
    ],
    [
      'no addresses',
      net({ addressesPerZone: 0 }),
      `${at} addressesPerZone: expected a whole number above 0; received 0 (MANARA_ARGS)`,
    ],
    [
      'a service that is not known',
      net({ services: ['bedrock'] }),
      `${at} services: expected some of ecr.api, ecr.dkr, ec2, eks, eks-auth, logs, s3, sts, kms, autoscaling, elasticloadbalancing, monitoring, secretsmanager, sqs, ssm, xray; received "bedrock" (MANARA_ARGS)`,
    ],
    [
      'all of the internet',
      net({ internet: { why: 'x', to: [{ ...bureau, addresses: ['0.0.0.0/0'] }] } }),
      `${at} internet.to: expected ranges of /8 to /32 outside the network's own, not all of the internet; received "0.0.0.0/0" (MANARA_ARGS)`,
    ],
    [
      'a way out without a reason',
      net({ internet: { why: ' ', to: [bureau] } }),
      `${at} internet.why: expected the reason, which the auditor reads; received " " (MANARA_ARGS)`,
    ],
    [
      'a way out to nowhere',
      net({ internet: { why: 'x', to: [] } }),
      `${at} internet.to: expected at least one address range; received [] (MANARA_ARGS)`,
    ],
    [
      'days that logs cannot be kept',
      net({ logRetentionDays: 100 }),
      `${at} logRetentionDays: expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; received 100 (MANARA_ARGS)`,
    ],
    [
      'keys of another zone',
      net({ keys: 'alias/aws/logs' }),
      `${at} keys: expected ServingKeys; received "alias/aws/logs" (MANARA_ARGS)`,
    ],
    [
      'keys that belong to another zone',
      (on) => {
        const other = zone();
        network({ ...on, keys: new ServingKeys('other', { zone: other, place: home }) });
      },
      `${at} keys: expected one of zone "bank" at aws:me-central-1; received one of another zone, "bank", at aws:me-central-1 (MANARA_PLACE)`,
    ],
  ]);
});
