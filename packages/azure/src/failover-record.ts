import { Absent, kinds } from '@manara/constructs';
import { routes } from '@manara/contract';
import { anyText, checkArgs, type CloudEnd, refuseArg } from '@manara/pulumi';
import { type DataFlow, parsePlace, type Place } from '@manara/residency';
import { Profile } from '@pulumi/azure-native/trafficmanager';
import type { ComponentResourceOptions, Input, Output } from '@pulumi/pulumi';
import { AzureComponent, type AzureComponentArgs, commonKinds } from './azure-component';

export interface FailoverRecordArgs<P extends Place> extends AzureComponentArgs<P> {
  /**
   * `none('why')` says why a global service may hold the name: Traffic Manager answers, and probes, from
   * everywhere. Without it the residency check refuses the record.
   * @default - refused
   */
  readonly dns?: Absent;
  /** First part of `<label>.trafficmanager.net`: 3 to 63 lower-case letters, digits and "-". */
  readonly label: string;
  /** Where the name leads, in order: the next is answered where one before it does not. */
  readonly endpoints: readonly FailoverEndpoint<NoInfer<P>>[];
  /**
   * Path that is asked for over HTTPS, and must be answered with 200.
   * @default - that of the server's readiness, '/v2/health/ready'
   */
  readonly healthPath?: string;
  /**
   * Seconds that an answer is kept by those who asked: 0 to 2147483647.
   * @default 30
   */
  readonly ttlSeconds?: number;
}

/** Where a name can lead. */
export interface FailoverEndpoint<P extends Place> {
  /** What it is called in the profile: `dubai`. */
  readonly name: string;
  readonly place: P;
  /** Host name or address, reached from the internet: Traffic Manager sees nothing that is private. */
  readonly target: Input<string>;
}

const kind = {
  cloud: 'azure',
  name: 'FailoverRecord',
  does: 'Name that leads callers to the first site that is healthy',
} as const;

const argKinds = {
  ...commonKinds,
  dns: kinds.optional(kinds.kind("none('why')", (value) => Absent.isAbsent(value))),
  label: kinds.text,
  endpoints: kinds.listOf(kinds.record({ name: kinds.text, place: kinds.text, target: anyText })),
  healthPath: kinds.optional(kinds.text),
  ttlSeconds: kinds.optional(kinds.anyNumber),
};

/** The fastest that Traffic Manager probes: every 10 seconds, and three failures in a row are believed. */
const probe = { intervalInSeconds: 10, timeoutInSeconds: 5, toleratedNumberOfFailures: 2 } as const;

/**
 * A name that leads to the first of several sites that is healthy. It is a global service, so that the
 * zone's owner must say why it may be; what it holds is names and addresses, and no data of the zone.
 */
export class FailoverRecord<const P extends Place = Place> extends AzureComponent<P> {
  /** `<label>.trafficmanager.net` */
  readonly host: string;
  readonly profileId: Output<string>;
  /** Seconds from the loss of a site until those are led to the next who keep an answer no longer than its time. */
  readonly failoverSeconds: number;

  /**
   * @throws DeployError MANARA_ARGS for an argument that cannot be used, MANARA_RESIDENCY without `dns`;
   * and those of AzureComponent
   */
  constructor(name: string, args: FailoverRecordArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    checkLabel(name, args.label);
    checkEndpoints(name, args.endpoints);
    const path = checkPath(name, args.healthPath);
    const ttl = checkTtl(name, args.ttlSeconds);
    super(kind, name, args, (self) => recordFlows(self, args), opts);
    this.host = `${args.label}.trafficmanager.net`;
    this.failoverSeconds =
      probe.intervalInSeconds * (probe.toleratedNumberOfFailures + 1) +
      probe.timeoutInSeconds +
      ttl;
    const { resourceGroupName, tags, child } = this.context;
    this.profileId = new Profile(
      name,
      {
        location: 'global',
        resourceGroupName,
        profileStatus: 'Enabled',
        trafficRoutingMethod: 'Priority',
        // It would have resolvers report where clients are.
        trafficViewEnrollmentStatus: 'Disabled',
        dnsConfig: { relativeName: args.label, ttl },
        monitorConfig: { protocol: 'HTTPS', port: 443, path, ...probe },
        endpoints: args.endpoints.map((endpoint, i) => ({
          name: endpoint.name,
          type: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints',
          target: endpoint.target,
          priority: i + 1,
          endpointStatus: 'Enabled',
        })),
        tags,
      },
      child,
    ).id;
    this.registerOutputs();
  }
}

function checkLabel(name: string, label: string): void {
  if (/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(label)) return;
  const allowed = '3 to 63 lower-case letters, digits and "-"';
  refuseArg(kind, name, 'label', allowed, label);
}

function checkEndpoints(name: string, endpoints: readonly FailoverEndpoint<Place>[]): void {
  const names = endpoints.map((endpoint) => endpoint.name);
  if (names.length >= 2 && new Set(names).size === names.length && !names.includes('')) return;
  refuseArg(kind, name, 'endpoints', 'at least two, of different names', names);
}

function checkPath(name: string, path: string = routes.serverReady.pattern): string {
  if (path.startsWith('/')) return path;
  return refuseArg(kind, name, 'healthPath', 'a path that starts with /', path);
}

function checkTtl(name: string, ttl = 30): number {
  if (Number.isSafeInteger(ttl) && ttl >= 0 && ttl <= 2_147_483_647) return ttl;
  return refuseArg(kind, name, 'ttlSeconds', 'whole seconds from 0 to 2147483647', ttl);
}

function recordFlows(
  self: CloudEnd,
  { dns, endpoints }: FailoverRecordArgs<Place>,
): readonly DataFlow[] {
  const base = { kind: 'dns', owner: self.owner, dataClasses: [], at: self.place } as const;
  return [
    dns === undefined
      ? {
          ...base,
          status: 'undeclared',
          evidence: 'Traffic Manager is a global service: it answers, and probes, from everywhere',
          fix: "say why that may be, dns: none('it holds names and addresses only'), or fail over by a resolver of your own",
        }
      : { ...base, status: 'absent', reason: dns.reason },
    ...endpoints.map(({ name, place }): DataFlow => ({
      kind: 'dns',
      owner: self.owner,
      dataClasses: [],
      status: 'declared',
      from: { name: `failover record ${self.name}`, place: self.place },
      to: { name, place: parsePlace(place) },
      encryption: 'none',
    })),
  ];
}
