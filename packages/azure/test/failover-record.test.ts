import assert from 'node:assert/strict';
import { auditTree, none } from '@manara/constructs';
import { output } from '@pulumi/pulumi';
import { FailoverRecord } from '../src';
import { childrenOf, record, recordRefusal, tags, type UaePlace, zone } from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { base, type Base } from './support/stack';

const dubai = { name: 'dubai', place: 'azure:uaenorth', target: 'dubai.bank.example' };
const second = { name: 'second', place: 'aws:me-central-1', target: output('198.51.100.7') };
const reason = 'names and addresses only; accepted by risk 2026-115';

function failover(args: object = {}, on: Base = base()): FailoverRecord<UaePlace> {
  return new FailoverRecord('serve', {
    ...on,
    dns: none(reason),
    label: 'bank-serving',
    endpoints: [dubai, second],
    ...args,
  } as ConstructorParameters<typeof FailoverRecord<UaePlace>>[1]);
}

describe('FailoverRecord', () => {
  it('leads to the first site that is healthy', async () => {
    const { registered, result } = await record(() => failover());
    const endpoint = {
      type: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints',
      endpointStatus: 'Enabled',
    };
    assert.deepEqual(childrenOf(registered, 'serve'), {
      'Profile serve': {
        location: 'global',
        resourceGroupName: 'serving',
        profileStatus: 'Enabled',
        trafficRoutingMethod: 'Priority',
        trafficViewEnrollmentStatus: 'Disabled',
        dnsConfig: { relativeName: 'bank-serving', ttl: 30 },
        monitorConfig: {
          protocol: 'HTTPS',
          port: 443,
          path: '/v2/health/ready',
          intervalInSeconds: 10,
          timeoutInSeconds: 5,
          toleratedNumberOfFailures: 2,
        },
        endpoints: [
          { ...endpoint, name: 'dubai', target: 'dubai.bank.example', priority: 1 },
          { ...endpoint, name: 'second', target: '198.51.100.7', priority: 2 },
        ],
        tags: tags('FailoverRecord/serve'),
      },
    });
    assert.equal(result.host, 'bank-serving.trafficmanager.net');
  });

  it('says how long a failover takes: three probes, the last to its end, and the answers kept', async () => {
    const { result } = await record(() => failover({ ttlSeconds: 60 }));
    assert.equal(result.failoverSeconds, 3 * 10 + 5 + 60);
  });

  it('tells the auditor why a global service holds the name, and where it leads', async () => {
    const within = zone();
    await record(() => failover({}, base(within)));
    const flows = auditTree(within).flatMap((audit) => audit.flows);
    assert.deepEqual(
      flows.map((flow) => [
        flow.kind,
        flow.status === 'absent' ? flow.reason : flow.status === 'declared' && flow.to,
      ]),
      [
        ['dns', reason],
        ['dns', { name: 'dubai', place: 'azure:uaenorth' }],
        ['dns', { name: 'second', place: 'aws:me-central-1' }],
      ],
    );
  });

  it('is refused where nobody says why, before anything is registered', async () => {
    const { registered, message } = await recordRefusal(() => failover({ dns: undefined }));
    assert.deepEqual(registered, []);
    assert.match(
      message,
      /Traffic Manager is a global service: it answers, and probes, from everywhere/,
    );
    assert.match(message, /dns: none\('it holds names and addresses only'\)/);
    assert.match(message, /\(MANARA_RESIDENCY\)$/);
  });

  it('is refused where it leads out of the zone', async () => {
    const endpoints = [dubai, { ...second, place: 'aws:eu-west-1' }];
    const { registered, message } = await recordRefusal(() => failover({ endpoints }));
    assert.deepEqual(registered, []);
    assert.match(message, /"second" is at aws:eu-west-1, outside zone "bank"/);
  });

  refusesAbroad('serve', (on) => failover({}, on));

  const at = 'manara:azure:FailoverRecord "serve":';
  refuses('serve', [
    [
      'one site, which leaves none to fail over to',
      (on) => failover({ endpoints: [dubai] }, on),
      `${at} endpoints: expected at least two, of different names; received ["dubai"] (MANARA_ARGS)`,
    ],
    [
      'a label that is no part of a name',
      (on) => failover({ label: 'Bank.Serving' }, on),
      `${at} label: expected 3 to 63 lower-case letters, digits and "-"; received "Bank.Serving" (MANARA_ARGS)`,
    ],
    [
      'a path that is none',
      (on) => failover({ healthPath: 'health' }, on),
      `${at} healthPath: expected a path that starts with /; received "health" (MANARA_ARGS)`,
    ],
    [
      'a time that is none',
      (on) => failover({ ttlSeconds: -1 }, on),
      `${at} ttlSeconds: expected whole seconds from 0 to 2147483647; received -1 (MANARA_ARGS)`,
    ],
    [
      'a reason that is not given with none()',
      (on) => failover({ dns: 'fine' }, on),
      `${at} dns: expected none('why'); received "fine" (MANARA_ARGS)`,
    ],
  ]);

  it('does not compile with an endpoint outside the zone', async () => {
    const abroad = (): FailoverRecord<UaePlace> =>
      new FailoverRecord('serve', {
        ...base(),
        dns: none(reason),
        label: 'bank-serving',
        endpoints: [
          { name: 'dubai', place: 'azure:uaenorth', target: 'dubai.bank.example' },
          // @ts-expect-error a place that the zone has not
          { name: 'amsterdam', place: 'azure:westeurope', target: 'ams.bank.example' },
        ],
      });
    await assert.rejects(record(abroad), { code: 'MANARA_RESIDENCY' });
  });
});
