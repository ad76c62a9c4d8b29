import assert from 'node:assert/strict';
import { auditTree, none } from '@manara/constructs';
import { output } from '@pulumi/pulumi';
import { FailoverRecord } from '../src';
import { home, inputsOf, lazily, record, tags } from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { base, type Base } from './support/stack';

function failover(
  { zone, place }: Pick<Base, 'zone' | 'place'>,
  args: object = {},
  name = 'fraud',
) {
  return new FailoverRecord(name, {
    zone,
    place,
    dns: none('the name is public'),
    hostedZoneId: 'Z1',
    domain: 'fraud.bank.example',
    primary: { place: 'aws:me-central-1', values: ['192.0.2.1'] },
    standby: { place: 'azure:uaenorth', values: ['198.51.100.1'] },
    alarmName: 'fraud-answers',
    ...args,
  });
}

const usual = lazily(() => record(() => failover(base())));

describe('FailoverRecord', () => {
  it('follows an alarm of its own region: nothing abroad calls the endpoint', async () => {
    const { registered } = await usual();
    assert.deepEqual(inputsOf(registered, 'aws:route53/healthCheck:HealthCheck', 'fraud'), {
      type: 'CLOUDWATCH_METRIC',
      cloudwatchAlarmName: 'fraud-answers',
      cloudwatchAlarmRegion: 'me-central-1',
      insufficientDataHealthStatus: 'Unhealthy',
      tags: { ...tags('FailoverRecord/fraud'), Name: 'fraud' },
    });
  });

  it('answers with the primary while it is well, and with the standby otherwise', async () => {
    const { registered } = await usual();
    const type = 'aws:route53/record:Record';
    const both = { zoneId: 'Z1', name: 'fraud.bank.example', type: 'A', ttl: 60 };
    assert.deepEqual(inputsOf(registered, type, 'fraud-primary'), {
      ...both,
      records: ['192.0.2.1'],
      setIdentifier: 'primary',
      failoverRoutingPolicies: [{ type: 'PRIMARY' }],
      healthCheckId: 'fraud-id',
    });
    assert.deepEqual(inputsOf(registered, type, 'fraud-standby'), {
      ...both,
      records: ['198.51.100.1'],
      setIdentifier: 'standby',
      failoverRoutingPolicies: [{ type: 'SECONDARY' }],
    });
  });

  it('takes addresses that are late, and one host name for a CNAME', async () => {
    const { registered } = await record(() => {
      const on = base();
      const standby = { place: 'azure:uaenorth', values: ['north.example'] };
      const primary = { place: home, values: ['dubai.example'] };
      failover(on, { primary: { place: home, values: [output('192.0.2.7')] } });
      failover(on, { type: 'CNAME', primary, standby }, 'named');
    });
    const records = (name: string) =>
      inputsOf(registered, 'aws:route53/record:Record', name).records;
    assert.deepEqual(records('fraud-primary'), ['192.0.2.7']);
    assert.deepEqual(records('named-standby'), ['north.example']);
  });

  it('makes the alarm where a load balancer knows the targets, and says how long it takes', async () => {
    const healthyHosts = { loadBalancer: 'net/fraud/1', targetGroup: 'targetgroup/fraud/2' };
    const { registered, result } = await record(() =>
      failover(base(), { alarmName: undefined, healthyHosts, ttlSeconds: 30 }),
    );
    assert.deepEqual(inputsOf(registered, 'aws:cloudwatch/metricAlarm:MetricAlarm', 'fraud'), {
      region: 'me-central-1',
      alarmDescription: 'No healthy target answers for fraud; its name leads to the standby.',
      namespace: 'AWS/NetworkELB',
      metricName: 'HealthyHostCount',
      dimensions: { LoadBalancer: 'net/fraud/1', TargetGroup: 'targetgroup/fraud/2' },
      statistic: 'Maximum',
      period: 60,
      evaluationPeriods: 2,
      comparisonOperator: 'LessThanThreshold',
      threshold: 1,
      treatMissingData: 'breaching',
      tags: { ...tags('FailoverRecord/fraud'), Name: 'fraud' },
    });
    assert.equal(result.failoverSeconds, 150);
    const { result: other } = await usual();
    assert.equal(other.failoverSeconds, undefined);
  });

  it('leaves in the audit why the name may be kept abroad, and where it leads', async () => {
    const { result } = await usual();
    assert.deepEqual(
      auditTree(result.zone)
        .flatMap(({ flows }) => flows)
        .filter(({ kind }) => kind === 'dns')
        .map((flow) =>
          flow.status === 'absent' ? flow.reason : flow.status === 'declared' && flow.to,
        ),
      [
        'the name is public',
        { name: 'primary', place: home },
        { name: 'standby', place: 'azure:uaenorth' },
      ],
    );
  });

  refusesAbroad('fraud', (on) => failover(on));
  refusesAbroad(
    'fraud',
    (on) =>
      failover({ ...on, place: home }, { standby: { place: on.place, values: ['192.0.2.9'] } }),
    /dns flow of bank\/aws:FailoverRecord:fraud: "standby" is at aws:eu-west-1, outside zone/,
  );
  refusesAbroad(
    'fraud',
    (on) => failover({ ...on, place: home }, { dns: undefined }),
    /Route 53 keeps "fraud.bank.example" abroad, and dns is not given[^]*none\('why'\)[^]*\(MANARA_RESIDENCY\)$/,
  );

  const at = 'manara:aws:FailoverRecord "fraud":';
  const given = (args: object) => (on: Base) => failover(on, args);
  const healthyHosts = { loadBalancer: 'net/fraud/1', targetGroup: 'targetgroup/fraud/2' };
  refuses('fraud', [
    [
      'health that nobody says',
      given({ alarmName: undefined }),
      `${at} healthyHosts: expected either it or alarmName; received nothing (MANARA_ARGS)`,
    ],
    [
      'health that two say',
      given({ healthyHosts }),
      `${at} healthyHosts: expected either it or alarmName; received an object (MANARA_ARGS)`,
    ],
    [
      'a reason that is only text',
      given({ dns: 'public' }),
      `${at} dns: expected none('why'); received "public" (MANARA_ARGS)`,
    ],
    [
      'what is no name',
      given({ domain: 'https://fraud.bank.example' }),
      `${at} domain: expected a name such as fraud.bank.example; received "https://fraud.bank.example" (MANARA_ARGS)`,
    ],
    [
      'a type that does not fail over',
      given({ type: 'MX' }),
      `${at} type: expected A or CNAME; received "MX" (MANARA_ARGS)`,
    ],
    [
      'nobody to answer',
      given({ primary: { place: home, values: [] } }),
      `${at} primary.values: expected at least one address; received [] (MANARA_ARGS)`,
    ],
    [
      'a host name in a record of addresses',
      given({ standby: { place: 'azure:uaenorth', values: ['198.51.100.1', 'north.example'] } }),
      `${at} standby.values: expected IPv4 addresses, or a record of type CNAME; received "north.example" (MANARA_ARGS)`,
    ],
    [
      'what only looks like an address',
      given({ primary: { place: home, values: ['192.0.2.256'] } }),
      `${at} primary.values: expected IPv4 addresses, or a record of type CNAME; received "192.0.2.256" (MANARA_ARGS)`,
    ],
    [
      'two host names',
      given({
        type: 'CNAME',
        standby: { place: 'azure:uaenorth', values: ['a.example', 'b.example'] },
        primary: { place: home, values: ['c.example'] },
      }),
      `${at} standby.values: expected one host name; received ["a.example","b.example"] (MANARA_ARGS)`,
    ],
    [
      'a standby where the primary is',
      given({ standby: { place: home, values: ['192.0.2.2'] } }),
      `${at} standby.place: expected another place than the primary’s; received "aws:me-central-1" (MANARA_ARGS)`,
    ],
    [
      'answers that resolvers keep too long',
      given({ ttlSeconds: 3600 }),
      `${at} ttlSeconds: expected whole seconds from 30 to 300; received 3600 (MANARA_ARGS)`,
    ],
  ]);
});
