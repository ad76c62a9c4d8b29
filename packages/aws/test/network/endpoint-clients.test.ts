import assert from 'node:assert/strict';
import { auditTree } from '@manara/constructs';
import { settled } from '@manara/pulumi-testing';
import { output } from '@pulumi/pulumi';
import { account, home, inputsOf, lazily, record, tags } from '../support/fixtures';
import { refuses } from '../support/refusals';
import { base, type Base, network } from '../support/stack';

const region = 'me-central-1';
const ours = tags('ServingNetwork/net');
const north = { place: 'azure:uaenorth', range: '10.30.0.0/16' };

const usual = lazily(() =>
  record(() => network(base(), { endpointClients: { 'azure-north': north } })),
);

async function inputs(type: string, name: string) {
  return inputsOf((await usual()).registered, type, name);
}

const rule = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';

describe('endpointClients', () => {
  it('are let in to the endpoints over TLS, each by its range', async () => {
    assert.deepEqual(await inputs(rule, 'net-endpoints-azure-north'), {
      description: 'TLS from azure-north',
      securityGroupId: 'net-endpoints-id',
      cidrIpv4: '10.30.0.0/16',
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      region,
      tags: ours,
    });
    const { registered } = await usual();
    assert.equal(registered.filter(({ type }) => type === rule).length, 2);
  });

  it('may change a token of their own for a role of the account, and call STS for nothing else', async () => {
    const { policy } = await inputs('aws:ec2/vpcEndpoint:VpcEndpoint', 'net-sts');
    assert.deepEqual((policy as { readonly Statement: unknown }).Statement, [
      {
        Sid: 'OwnIdentities',
        Effect: 'Allow',
        Principal: '*',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalAccount': account } },
      },
      {
        Sid: 'WebIdentities',
        Effect: 'Allow',
        Principal: '*',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Resource: `arn:aws:iam::${account}:role/*`,
      },
    ]);
  });

  it('have a table for the way back, to which a connection adds its routes', async () => {
    const { registered, result } = await usual();
    assert.deepEqual(await inputs('aws:ec2/routeTable:RouteTable', 'net-endpoints'), {
      vpcId: 'net-id',
      region,
      tags: { ...ours, Name: 'net-endpoints' },
    });
    const associated = registered.flatMap(({ type, inputs: { subnetId, routeTableId } }) =>
      type.endsWith(':RouteTableAssociation') && routeTableId === 'net-endpoints-id'
        ? [subnetId]
        : [],
    );
    assert.deepEqual(associated, [
      'net-endpoints-mec1-az1-id',
      'net-endpoints-mec1-az2-id',
      'net-endpoints-mec1-az3-id',
    ]);
    const { routeTableId } = result.foreign;
    assert.equal(routeTableId && (await settled(routeTableId)), 'net-endpoints-id');
  });

  it('are told the endpoints’ own names', async () => {
    const { foreign } = (await usual()).result;
    assert.deepEqual(
      [await settled(foreign.s3Endpoint), await settled(foreign.stsEndpoint)],
      [
        'https://bucket.vpce-net-s3.s3.me-central-1.vpce.amazonaws.com',
        'https://vpce-net-sts.sts.me-central-1.vpce.amazonaws.com',
      ],
    );
  });

  it('are flows to their places', async () => {
    const { zone } = (await usual()).result;
    assert.deepEqual(
      auditTree(zone)
        .flatMap(({ flows }) => flows)
        .filter(({ kind }) => kind === 'egress'),
      [
        {
          status: 'declared',
          kind: 'egress',
          owner: 'bank/aws:ServingNetwork:net',
          dataClasses: zone.data,
          from: { name: 'endpoints of network net', place: home },
          to: {
            name: 'network azure-north',
            place: 'azure:uaenorth',
            addresses: ['10.30.0.0/16'],
          },
          encryption: 'tls',
        },
      ],
    );
  });

  it('change nothing where there are none', async () => {
    const { registered, result } = await record(() => network(base(), { endpointClients: {} }));
    assert.equal(result.foreign.routeTableId, undefined);
    assert(
      !registered.some(
        ({ type, name }) => type.endsWith(':RouteTable') && name === 'net-endpoints',
      ),
    );
    const { policy } = inputsOf(registered, 'aws:ec2/vpcEndpoint:VpcEndpoint', 'net-sts');
    assert.equal((policy as { readonly Statement: readonly unknown[] }).Statement.length, 1);
  });

  const at = 'manara:aws:ServingNetwork "net":';
  const given = (endpointClients: object) => (on: Base) => network(on, { endpointClients });
  refuses('net', [
    [
      'a client within the network’s own range',
      given({ north: { ...north, range: '10.20.128.0/20' } }),
      `${at} endpointClients["north"].range: expected a range apart from 10.20.0.0/16 of the network, or answers would not find their way; received "10.20.128.0/20" (MANARA_ARGS)`,
    ],
    [
      'two clients of one range',
      given({ north, central: { ...north, range: '10.30.64.0/18' } }),
      `${at} endpointClients["central"].range: expected a range apart from 10.30.0.0/16 of "north", or answers would not find their way; received "10.30.64.0/18" (MANARA_ARGS)`,
    ],
    [
      'a client in the range of a peer',
      (on) => network(on, { peers: { hub: '10.30.0.0/20' }, endpointClients: { north } }),
      `${at} endpointClients["north"].range: expected a range apart from 10.30.0.0/20 of peer "hub", or answers would not find their way; received "10.30.0.0/16" (MANARA_ARGS)`,
    ],
    [
      'a client on the internet',
      given({ north: { ...north, range: '20.38.0.0/16' } }),
      `${at} endpointClients["north"].range: expected a private range such as 10.30.0.0/16; received "20.38.0.0/16" (MANARA_ARGS)`,
    ],
    [
      'a range that is known late',
      given({ north: { ...north, range: output('10.30.0.0/16') } }),
      `${at} endpointClients.north.range: expected text; received an Output, whose value is known only after deployment (MANARA_ARGS)`,
    ],
    [
      'a client whose name is no part of a name',
      given({ 'Azure north': north }),
      `${at} endpointClients: expected names of at most 28 lower-case letters, digits and "-"; received "Azure north" (MANARA_ARGS)`,
    ],
  ]);

  it('refuse a client outside the zone before anything is registered', async () => {
    const { registered } = await record(() => {
      const on = base();
      assert.throws(
        () => network(on, { endpointClients: { away: { ...north, place: 'aws:eu-west-1' } } }),
        /egress flow of bank\/aws:ServingNetwork:net: "network away" is at aws:eu-west-1, outside zone/,
      );
    });
    assert(!registered.some(({ name }) => name === 'net'));
  });
});
