import assert from 'node:assert/strict';
import { auditTree } from '@manara/constructs';
import { output } from '@pulumi/pulumi';
import { ServingNetwork } from '../../src';
import { clusterOn } from '../support/cluster';
import { childrenOf, home, lazily, record, type UaePlace, zone } from '../support/fixtures';
import { refuses } from '../support/refusals';
import { base, type Base, cidr, site } from '../support/stack';

const dubai = { place: 'aws:me-central-1', range: '10.20.0.0/16' } as const;
const core = { place: home, range: '10.50.0.0/22' } as const;

function network(on: Base, args: object): ServingNetwork<UaePlace> {
  return new ServingNetwork('net', { ...on, cidr, ...args });
}

const within = lazily(() => Promise.resolve(zone()));
const usual = lazily(async () => {
  const on = base(await within());
  return record(() => network(on, { endpointClients: { dubai, core } }));
});

interface Rule {
  readonly name: string;
  readonly priority: number;
}

describe('endpointClients of Azure', () => {
  it('are let in to private endpoints over TLS, each by its range, before others are denied', async () => {
    const group = childrenOf((await usual()).registered, 'net')[
      'NetworkSecurityGroup net-endpoints'
    ];
    const { securityRules } = group as { readonly securityRules: readonly Rule[] };
    const tls = {
      direction: 'Inbound',
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
      access: 'Allow',
      protocol: 'Tcp',
      destinationPortRange: '443',
    };
    assert.deepEqual(
      securityRules.filter(({ name }) => name.startsWith('allow-')),
      [
        {
          ...tls,
          name: 'allow-tls-from-network',
          priority: 4000,
          sourceAddressPrefix: '10.30.0.0/16',
        },
        {
          ...tls,
          name: 'allow-tls-from-client-dubai',
          priority: 3000,
          sourceAddressPrefix: '10.20.0.0/16',
        },
        {
          ...tls,
          name: 'allow-tls-from-client-core',
          priority: 3001,
          sourceAddressPrefix: '10.50.0.0/22',
        },
      ],
    );
    assert.deepEqual(
      securityRules.slice(3).map(({ name, priority }) => [name, priority]),
      [['deny-others', 4096]],
    );
  });

  it('are flows to their places', async () => {
    await usual();
    const flow = {
      status: 'declared',
      kind: 'egress',
      owner: 'bank/azure:ServingNetwork:net',
      dataClasses: (await within()).data,
      from: { name: 'endpoints of network net', place: home },
      encryption: 'tls',
    };
    assert.deepEqual(
      auditTree(await within())
        .flatMap(({ flows }) => flows)
        .filter(({ kind }) => kind === 'egress'),
      [
        {
          ...flow,
          to: { name: 'network dubai', place: dubai.place, addresses: ['10.20.0.0/16'] },
        },
        { ...flow, to: { name: 'network core', place: home, addresses: ['10.50.0.0/22'] } },
      ],
    );
  });

  it('count among the networks that this one is reached from', async () => {
    const { result } = await record(() =>
      network(base(), { peers: { hub: '10.60.0.0/24' }, endpointClients: { dubai } }),
    );
    assert.deepEqual(result.peers, { hub: '10.60.0.0/24', dubai: '10.20.0.0/16' });
  });

  const at = 'manara:azure:ServingNetwork "net":';
  const given = (args: object) => (on: Base) => network(on, args);
  refuses('net', [
    [
      'a client within the network’s own range',
      given({ endpointClients: { dubai: { ...dubai, range: '10.30.128.0/20' } } }),
      `${at} endpointClients["dubai"].range: expected a range apart from 10.30.0.0/16 of the network, or answers would not find their way; received "10.30.128.0/20" (MANARA_ARGS)`,
    ],
    [
      'a client that is called as a peer is',
      given({ peers: { dubai: '10.60.0.0/24' }, endpointClients: { dubai } }),
      `${at} endpointClients: expected names that no peer has; a client is a peer, too: leave out peers["dubai"]; received "dubai" (MANARA_ARGS)`,
    ],
    [
      'a client in the range of a peer',
      given({ peers: { hub: '10.20.64.0/18' }, endpointClients: { dubai } }),
      `${at} endpointClients["dubai"].range: expected a range apart from 10.20.64.0/18 of peer "hub", or answers would not find their way; received "10.20.0.0/16" (MANARA_ARGS)`,
    ],
    [
      'two clients of one range',
      given({ endpointClients: { dubai, core: { ...core, range: '10.20.0.0/24' } } }),
      `${at} endpointClients["core"].range: expected a range apart from 10.20.0.0/16 of "dubai", or answers would not find their way; received "10.20.0.0/24" (MANARA_ARGS)`,
    ],
    [
      'a client on the internet',
      given({ endpointClients: { dubai: { ...dubai, range: '20.38.0.0/16' } } }),
      `${at} endpointClients["dubai"].range: expected a private range such as 10.30.0.0/16; received "20.38.0.0/16" (MANARA_ARGS)`,
    ],
    [
      'a client whose name is no part of a name',
      given({ endpointClients: { 'AWS Dubai': dubai } }),
      `${at} endpointClients: expected names of at most 28 lower-case letters, digits and "-"; received "AWS Dubai" (MANARA_ARGS)`,
    ],
    [
      'a range that is known late',
      given({ endpointClients: { dubai: { ...dubai, range: output('10.20.0.0/16') } } }),
      `${at} endpointClients.dubai.range: expected text; received an Output, whose value is known only after deployment (MANARA_ARGS)`,
    ],
  ]);

  refuses('aks', [
    [
      'pods in a client’s range, whom the endpoints could not answer',
      (on) => {
        const stands = site(on, network(on, { endpointClients: { dubai } }));
        return clusterOn(stands, { podCidr: '10.20.0.0/20' });
      },
      'manara:azure:AksServingCluster "aks": podCidr: expected a range apart from 10.20.0.0/16 of "dubai"; received "10.20.0.0/20" (MANARA_ARGS)',
    ],
  ]);

  it('are refused outside the zone, before anything is registered', async () => {
    const { registered } = await record(() => {
      const on = base();
      assert.throws(
        () => network(on, { endpointClients: { away: { ...dubai, place: 'aws:eu-west-1' } } }),
        /egress flow of bank\/azure:ServingNetwork:net: "network away" is at aws:eu-west-1, outside zone/,
      );
    });
    assert(!registered.some(({ name }) => name === 'net'));
  });
});
