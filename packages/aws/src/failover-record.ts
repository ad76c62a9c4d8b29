import { Absent, kinds } from '@manara/constructs';
import { anyText, checkArgs, type CloudEnd, refuseArg } from '@manara/pulumi';
import type { AbsentFlow, DataFlow, Place } from '@manara/residency';
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
  /** Name of the CloudWatch alarm, in the component's region, that says whether the primary is well. */
  readonly alarmName: Input<string>;
  /**
   * Seconds that an answer is kept by resolvers, 30 to 300: part of the time that a failover takes.
   * @default 60
   */
  readonly ttlSeconds?: number;
}

const kind = { cloud: 'aws', name: 'FailoverRecord' } as const;

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
  alarmName: anyText,
  ttlSeconds: kinds.optional(kinds.anyNumber),
};

/**
 * A public name that moves from one site to another when an alarm says so. Route 53 can check an endpoint from
 * eight regions, none of them in the UAE (botocore 1.44.5, route53: HealthCheckRegion; read 2026-11-22), so
 * it checks none: the alarm's state is all that leaves the region.
 */
export class FailoverRecord<const P extends Place = Place> extends AwsComponent<P> {
  readonly healthCheckId: Output<string>;

  /** @throws DeployError MANARA_ARGS, MANARA_RESIDENCY for `dns` left out; and those of AwsComponent */
  constructor(name: string, args: FailoverRecordArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const { type = 'A', ttlSeconds = 60 } = args;
    checkRecord(name, args, type, ttlSeconds);
    super(kind, name, args, (self) => recordFlows(self, args), opts);

    const { region, tags, child } = this.context;
    const health = new HealthCheck(
      name,
      {
        type: 'CLOUDWATCH_METRIC',
        cloudwatchAlarmName: args.alarmName,
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
}

function checkRecord(
  name: string,
  { domain, primary, standby }: FailoverRecordArgs<Place>,
  type: string,
  ttlSeconds: number,
): void {
  if (!/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/.test(domain)) {
    refuseArg(kind, name, 'domain', 'a name such as fraud.bank.example', domain);
  }
  if (type !== 'A' && type !== 'CNAME') refuseArg(kind, name, 'type', 'A or CNAME', type);
  for (const [role, { values }] of Object.entries({ primary, standby })) {
    if (values.length > 0 && (type === 'A' || values.length === 1)) continue;
    const expected = type === 'A' ? 'at least one address' : 'one host name';
    refuseArg(kind, name, `${role}.values`, expected, values);
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
