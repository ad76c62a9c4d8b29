import { isIPv4 } from 'node:net';
import { Absent, kinds } from '@manara/constructs';
import { anyText, checkArgs, type CloudEnd, refuseArg } from '@manara/pulumi';
import type { AbsentFlow, DataFlow, Place } from '@manara/residency';
import { MetricAlarm } from '@pulumi/aws/cloudwatch';
import { HealthCheck, Record as DnsRecord } from '@pulumi/aws/route53';
import type { ComponentResourceOptions, Input, Output } from '@pulumi/pulumi';
import { AwsComponent, type AwsComponentArgs, commonKinds } from './aws-component';

/** Who answers to a name. */
export interface FailoverTarget<P extends Place> {
  /** Where it is; one of the zone's places. */
  readonly place: P;
  /** IPv4 addresses for a record of type A; one host name for a CNAME. */
  readonly values: readonly Input<string>[];
}

/** What CloudWatch knows a Network Load Balancer's targets by: the ends of the two ARNs. */
export interface HealthyHosts {
  /** `net/fraud/50dc6c495c0c9188` */
  readonly loadBalancer: Input<string>;
  /** `targetgroup/fraud/73e2d6bc24d8a067` */
  readonly targetGroup: Input<string>;
}

export interface FailoverRecordArgs<P extends Place> extends AwsComponentArgs<P> {
  /** Why a name that is kept abroad moves no data of the zone: `none('the name is public')`. */
  readonly dns: Absent;
  /** Id of the public hosted zone in Route 53. */
  readonly hostedZoneId: Input<string>;
  /** Name that callers use: `fraud.bank.example`. */
  readonly domain: string;
  /** @default 'A' */
  readonly type?: 'A' | 'CNAME';
  /** Who answers as long as the alarm is quiet. */
  readonly primary: FailoverTarget<NoInfer<P>>;
  /** Who answers while it rings, or has no data. */
  readonly standby: FailoverTarget<NoInfer<P>>;
  /**
   * Name of a CloudWatch alarm of yours, in the component's region, that says whether the primary is well.
   * @default - that which `healthyHosts` makes; one of the two must be given
   */
  readonly alarmName?: Input<string>;
  /** Network Load Balancer in front of the primary: it is lost while none of the targets is healthy. */
  readonly healthyHosts?: HealthyHosts;
  /**
   * Seconds that an answer is kept by resolvers, 30 to 300: part of the time that a failover takes.
   * @default 60
   */
  readonly ttlSeconds?: number;
}

const kind = {
  cloud: 'aws',
  name: 'FailoverRecord',
  does: 'Name that leads callers to a site that is healthy',
} as const;

/** How often a load balancer's metrics are judged, and how many bad ones in a row are believed. */
const alarmPeriod = { seconds: 60, count: 2 } as const;

const target = kinds.record({ place: kinds.text, values: kinds.listOf(anyText) });

const argKinds = {
  ...commonKinds,
  // What is left out is refused by the residency check, with all other flows.
  dns: kinds.optional(kinds.kind("none('why')", (value) => Absent.isAbsent(value))),
  hostedZoneId: anyText,
  domain: kinds.text,
  type: kinds.optional(kinds.text),
  primary: target,
  standby: target,
  alarmName: kinds.optional(anyText),
  healthyHosts: kinds.optional(kinds.record({ loadBalancer: anyText, targetGroup: anyText })),
  ttlSeconds: kinds.optional(kinds.anyNumber),
};

/**
 * A public name that moves from one site to another when an alarm says so. Route 53 can check an endpoint from
 * eight regions, none of them in the UAE (botocore 1.44.5, route53: HealthCheckRegion; read 2026-11-22), so
 * it checks none: the alarm's state is all that leaves the region.
 *
 * Source of the metric: Elastic Load Balancing, "CloudWatch metrics for your Network Load Balancer"; read
 * 2026-11-22.
 */
export class FailoverRecord<const P extends Place = Place> extends AwsComponent<P> {
  readonly healthCheckId: Output<string>;
  /**
   * Seconds from the load balancer's first report without a healthy target until those who asked before ask
   * again; `undefined` where the alarm is another's. What Route 53 itself takes is not stated by AWS.
   */
  readonly failoverSeconds: number | undefined;

  /** @throws DeployError MANARA_ARGS, MANARA_RESIDENCY for `dns` left out; and those of AwsComponent */
  constructor(name: string, args: FailoverRecordArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const { type = 'A', ttlSeconds = 60 } = args;
    checkRecord(name, args, type, ttlSeconds);
    super(kind, name, args, (self) => recordFlows(self, args), opts);

    const { region, tags, child } = this.context;
    const { healthyHosts } = args;
    this.failoverSeconds =
      healthyHosts === undefined ? undefined : alarmPeriod.seconds * alarmPeriod.count + ttlSeconds;
    const health = new HealthCheck(
      name,
      {
        type: 'CLOUDWATCH_METRIC',
        cloudwatchAlarmName:
          healthyHosts === undefined ? args.alarmName : this.#alarm(healthyHosts),
        cloudwatchAlarmRegion: region,
        insufficientDataHealthStatus: 'Unhealthy',
        tags: { ...tags, Name: name },
      },
      child,
    );
    const record = (role: 'primary' | 'standby'): void => {
      new DnsRecord(
        `${name}-${role}`,
        {
          zoneId: args.hostedZoneId,
          name: args.domain,
          type,
          ttl: ttlSeconds,
          records: [...args[role].values],
          setIdentifier: role,
          failoverRoutingPolicies: [{ type: role === 'primary' ? 'PRIMARY' : 'SECONDARY' }],
          // The last resort needs no check: there is nobody after it.
          ...(role === 'primary' ? { healthCheckId: health.id } : {}),
        },
        child,
      );
    };
    record('primary');
    record('standby');
    this.healthCheckId = health.id;
    this.registerOutputs();
  }

  /** What is not reported counts as lost: a load balancer that is gone says nothing. */
  #alarm({ loadBalancer, targetGroup }: HealthyHosts): Output<string> {
    const { name, region, tags, child } = this.context;
    return new MetricAlarm(
      name,
      {
        region,
        alarmDescription: `No healthy target answers for ${name}; its name leads to the standby.`,
        namespace: 'AWS/NetworkELB',
        metricName: 'HealthyHostCount',
        dimensions: { LoadBalancer: loadBalancer, TargetGroup: targetGroup },
        statistic: 'Maximum',
        period: alarmPeriod.seconds,
        evaluationPeriods: alarmPeriod.count,
        comparisonOperator: 'LessThanThreshold',
        threshold: 1,
        treatMissingData: 'breaching',
        tags: { ...tags, Name: name },
      },
      child,
    ).name;
  }
}

function checkRecord(
  name: string,
  { domain, primary, standby, alarmName, healthyHosts }: FailoverRecordArgs<Place>,
  type: string,
  ttlSeconds: number,
): void {
  if (!/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/.test(domain)) {
    refuseArg(kind, name, 'domain', 'a name such as fraud.bank.example', domain);
  }
  if (type !== 'A' && type !== 'CNAME') refuseArg(kind, name, 'type', 'A or CNAME', type);
  for (const [role, { values }] of Object.entries({ primary, standby })) {
    const arg = `${role}.values`;
    if (values.length === 0 || (type === 'CNAME' && values.length > 1)) {
      const expected = type === 'A' ? 'at least one address' : 'one host name';
      refuseArg(kind, name, arg, expected, values);
    }
    // A late one is for Route 53 to refuse.
    const wrong = values.find((value) => typeof value === 'string' && !isIPv4(value));
    if (type === 'A' && wrong !== undefined) {
      refuseArg(kind, name, arg, 'IPv4 addresses, or a record of type CNAME', wrong);
    }
  }
  if ((alarmName === undefined) === (healthyHosts === undefined)) {
    const received = alarmName === undefined ? undefined : healthyHosts;
    refuseArg(kind, name, 'healthyHosts', 'either it or alarmName', received);
  }
  if (primary.place === standby.place) {
    refuseArg(kind, name, 'standby.place', 'another place than the primary’s', standby.place);
  }
  if (!Number.isSafeInteger(ttlSeconds) || ttlSeconds < 30 || ttlSeconds > 300) {
    refuseArg(kind, name, 'ttlSeconds', 'whole seconds from 30 to 300', ttlSeconds);
  }
}

function recordFlows(
  self: CloudEnd,
  { zone, place, dns, domain, primary, standby }: FailoverRecordArgs<Place>,
): readonly DataFlow[] {
  const base = { kind: 'dns', owner: self.owner } as const;
  const names = { ...base, dataClasses: zone.data, at: place };
  const from = { name: `name ${domain}`, place };
  const leads = [primary, standby].map((to): DataFlow => ({
    ...base,
    status: 'declared',
    dataClasses: [],
    from,
    to: { name: to === primary ? 'primary' : 'standby', place: to.place },
    encryption: 'none',
  }));
  return [nameFlow(names, domain, dns), ...leads];
}

/** What is told to Route 53, which is abroad. */
function nameFlow(
  names: Pick<AbsentFlow, 'kind' | 'owner' | 'dataClasses' | 'at'>,
  domain: string,
  dns: Absent | undefined,
): DataFlow {
  if (dns !== undefined) return { ...names, status: 'absent', reason: dns.reason };
  return {
    ...names,
    status: 'undeclared',
    evidence: `Route 53 keeps "${domain}" abroad, and dns is not given`,
    fix: `say dns: none('why') where the name and its addresses are public`,
  };
}
