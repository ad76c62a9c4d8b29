import { recoveryTime, type RecoveryTime } from '@manara/planner';
import type { Place } from '@manara/residency';
import type { Duration } from 'cdk8s';
import type { LoweredWorkload } from '../engines/lowering';
import type { Site } from '../site';
import type { RecoverableEndpoint } from './recovery-rules';

/** What a stack promises, and the sites that keep it. */
export interface RecoveryPromise {
  readonly allSites: readonly Site[];
  readonly recovery: { readonly time: Duration; readonly point: Duration };
  readonly failover: Duration;
}

/** What the loss of a place costs an endpoint, computed. */
export interface EndpointRecovery extends RecoveryTime {
  /** Seconds that weights may be missing where they are copied to; 0 where whoever publishes them copies them. */
  readonly pointSeconds: number;
}

/** The worst of the sites that may have to take over: `undefined` where there are less than two. */
export function recoveryOf(
  stack: RecoveryPromise,
  endpoint: RecoverableEndpoint,
): EndpointRecovery | undefined {
  const workloads = workloadsOn(stack, endpoint);
  if (workloads.length < 2) return undefined;
  const times = workloads
    // A site that carries the traffic by itself takes over from nobody.
    .filter(({ role }, _, all) => role === 'standby' || all.every((w) => w.role === 'primary'))
    .map(({ capacity }) =>
      recoveryTime({ failoverSeconds: stack.failover.toSeconds(), ...capacity }),
    );
  return {
    firstAnswerSeconds: Math.max(...times.map((time) => time.firstAnswerSeconds)),
    fullCapacitySeconds: Math.max(...times.map((time) => time.fullCapacitySeconds)),
    pointSeconds: Math.max(...workloads.map(({ site }) => pointAt(endpoint, site.place))),
  };
}

/** Why an endpoint would not outlive the loss of a place as its stack promises; empty where it would. */
export function recoveryFaults(
  stack: RecoveryPromise,
  endpoint: RecoverableEndpoint,
): readonly string[] {
  const recovery = recoveryOf(stack, endpoint);
  if (recovery === undefined) return [];
  const { time, point } = stack.recovery;
  return [
    ...workloadsOn(stack, endpoint).flatMap(({ site }) => lostElsewhere(endpoint, site)),
    ...over('point', point, recovery.pointSeconds, 'copies of its weights may take two periods, '),
    ...over('time', time, recovery.fullCapacitySeconds, 'all of its traffic is carried after '),
  ];
}

function workloadsOn(
  { allSites }: RecoveryPromise,
  { workloads }: RecoverableEndpoint,
): readonly LoweredWorkload[] {
  return workloads.filter(({ site }) => allSites.includes(site));
}

/** A copy is begun once a period, and may take as long as one. */
function pointAt({ versions }: RecoverableEndpoint, place: Place): number {
  const periods = versions.map(({ artifact }) => artifact.bucketFor(place).copy?.every.toSeconds());
  return Math.max(...periods.map((seconds = 0) => seconds * 2));
}

/** What a site needs to start a pod, and does not have in its own place. */
function lostElsewhere({ versions }: RecoverableEndpoint, site: Site): readonly string[] {
  const buckets = versions.map(({ artifact }) => artifact.bucketFor(site.place));
  const bucket = buckets.find(({ place }) => place !== site.place);
  const { images } = site;
  const needs = (what: string, where: Place, fix: string): string =>
    `site "${site.node.id}" starts no pod once ${where} is lost, for ${what} there; ${fix}`;
  return [
    ...(bucket === undefined
      ? []
      : [
          needs(
            `it reads its weights from "${bucket.uri}"`,
            bucket.place,
            `give their ModelArtifact a copy at ${site.place}`,
          ),
        ]),
    ...(images.place === site.place
      ? []
      : [
          needs(
            `its images are in "${images.prefix}"`,
            images.place,
            `give the site a registry at ${site.place}`,
          ),
        ]),
  ];
}

function over(
  name: 'time' | 'point',
  objective: Duration,
  computed: number,
  because: string,
): readonly string[] {
  const promised = objective.toSeconds();
  if (computed <= promised) return [];
  return [`recovery.${name}: ${because}${computed} s; expected at most ${promised} s`];
}
