import { recoveryTime, type RecoveryTime } from '@manara/planner';
import type { Place } from '@manara/residency';
import type { Duration } from 'cdk8s';
import { copyPointSeconds } from '../copies/copy-schedule';
import { type Absent, unlessAbsent } from '../absent';
import type { LoweredWorkload } from '../engines/lowering';
import type { Site } from '../site';
import { bringsImage, type ImageCopies } from './image-copies';
import type { RecoverableEndpoint } from './recovery-rules';

/** What a stack promises, and the sites that keep it. */
export interface RecoveryPromise {
  readonly allSites: readonly Site[];
  readonly recovery: { readonly time: Duration; readonly point: Duration };
  readonly failover: Duration;
  readonly images: ImageCopies | Absent;
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
    ...unpublished(stack, workloadsOn(stack, endpoint)),
    ...over('point', point, recovery.pointSeconds, 'its weights may be missing for '),
    ...over('time', time, recovery.fullCapacitySeconds, 'all of its traffic is carried after '),
  ];
}

function workloadsOn(
  { allSites }: RecoveryPromise,
  { workloads }: RecoverableEndpoint,
): readonly LoweredWorkload[] {
  return workloads.filter(({ site }) => allSites.includes(site));
}

function pointAt({ weights }: RecoverableEndpoint, place: Place): number {
  const copied = weights.flatMap(({ artifact }) => {
    const { copy } = artifact.bucketFor(place);
    return copy === undefined ? [] : [{ every: copy.every, bytes: artifact.sizeBytes }];
  });
  const bytes = copied.reduce((sum, one) => sum + one.bytes, 0);
  return Math.max(0, ...copied.map(({ every }) => copyPointSeconds(every, bytes)));
}

/** What a site needs to start a pod, and does not have in its own place. */
function lostElsewhere({ weights }: RecoverableEndpoint, site: Site): readonly string[] {
  const buckets = weights.map(({ artifact }) => artifact.bucketFor(site.place));
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

/** A pinned image that the stack's copies do not bring: what has the tag may be another. */
function unpublished(
  { allSites: [first], images }: RecoveryPromise,
  workloads: readonly LoweredWorkload[],
): readonly string[] {
  const copies = unlessAbsent(images);
  const missing = workloads.find(
    ({ site, imageDigest }) =>
      site !== first &&
      copies !== undefined &&
      imageDigest !== undefined &&
      !bringsImage(copies, imageDigest),
  );
  if (missing === undefined) return [];
  return [
    `site "${missing.site.node.id}" pulls the server's image by its digest, which nothing brings to its registry; add { name, tag, digest } of it to the stack's images.others`,
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
