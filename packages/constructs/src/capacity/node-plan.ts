import { availabilityZones, type InstanceOfferings, offeringsAt } from '@manara/residency';
import { Duration } from 'cdk8s';
import { ConstructError } from '../construct-error';
import { isLabelValue, labelKey } from '../peer';
import type { Labels } from '../peer';
import type { Site } from '../site';
import { Consolidation, type ConsolidationMode } from './consolidation';
import type { NodePoolProps } from './node-pool-props';
import { type PoolPlan, planPool } from './pool-plan';
import { defaultProvisioner, type ProvisionerMode } from './provisioner';
import { gpuTaint, type Taint, taintEffects } from './taint';

/** What is worked out from the props of a pool. */
export interface NodePlan extends PoolPlan {
  readonly provisioner: ProvisionerMode;
  readonly maxNodes: number;
  /** On-demand nodes that pods fill first; none where all are on demand. */
  readonly floor: number | undefined;
  readonly diskGiB: number;
  /** Labels besides `manara.dev/pool`. */
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly disruption: DisruptionPlan;
}

export interface DisruptionPlan {
  readonly consolidation: ConsolidationMode;
  readonly atOnce: number;
  readonly quiet: { readonly schedule: string; readonly duration: Duration } | undefined;
  readonly expireAfter: Duration;
}

/** Largest number of nodes that one pool is planned for: what Kubernetes is tested with. */
const mostNodes = 5000;

/**
 * @param at construct path of the pool
 * @throws ConstructError MANARA_CAPACITY naming the prop
 */
export function planNodes(
  at: string,
  site: Site,
  props: NodePoolProps,
  wants: 'cpu' | 'gpu',
): NodePlan {
  const { nodes, spot } = props;
  const provisioner = (props.provisioner ?? defaultProvisioner(at, site.place)).mode;
  checkPlace(at, site.place, provisioner);
  if (provisioner.kind === 'labelled') checkUnmade(at, props);
  checkCount(at, 'nodes.max', nodes.max, 1, mostNodes);
  if (spot !== undefined) checkCount(at, 'spot.floor', spot.floor, 1, nodes.max - 1);
  checkLabels(at, props.labels ?? {});
  checkTaints(at, props.taints ?? []);
  const offerings = props.offerings ?? offeringsAt(site.place);
  checkOfferings(at, props.instanceTypes, offerings ?? {});
  const plan = planPool(
    {
      place: site.place,
      instanceTypes: props.instanceTypes,
      availabilityZones: props.availabilityZones,
      // Nodes that are there are where they are.
      zones: provisioner.kind === 'labelled' ? [] : availabilityZones(site.place),
      whose: site.place,
      offerings,
      offeringsFix: 'give offerings',
      wants,
    },
    (prop, expected, received) =>
      refuse(at, prop, expected, received === undefined ? 'nothing' : JSON.stringify(received)),
  );
  return {
    ...plan,
    provisioner,
    maxNodes: nodes.max,
    floor: spot?.floor,
    diskGiB: diskGiB(at, props),
    labels: {
      ...props.labels,
      ...(plan.gpu === undefined ? {} : { 'manara.dev/accelerator': plan.gpu }),
    },
    taints: props.taints ?? (wants === 'gpu' ? [gpuTaint] : []),
    disruption: planDisruption(at, props, wants),
  };
}

function planDisruption(
  at: string,
  { nodes, spot, disruption = {} }: NodePoolProps,
  wants: 'cpu' | 'gpu',
): DisruptionPlan {
  // What is on spot must bear a move anyway, and is moved back to the floor where that has room again.
  const movable = wants === 'cpu' || spot !== undefined;
  const usual = movable ? Consolidation.whenUnderused() : Consolidation.whenEmpty();
  const {
    consolidation = usual,
    atOnce = Math.max(1, Math.floor(nodes.max / 10)),
    quiet,
    expireAfter = Duration.days(30),
  } = disruption;
  checkCount(at, 'disruption.atOnce', atOnce, 1, nodes.max);
  checkDuration(at, 'disruption.expireAfter', expireAfter, Duration.hours(1));
  const { after } = consolidation.mode;
  if (after !== undefined) {
    checkDuration(at, 'disruption.consolidation', after, Duration.seconds(0));
  }
  if (quiet !== undefined) {
    checkDuration(at, 'disruption.quiet.duration', quiet.duration, Duration.minutes(1), 60);
    if (
      !/^(@(annually|yearly|monthly|weekly|daily|midnight|hourly)|\S+( \S+){4})$/.test(
        quiet.schedule,
      )
    ) {
      const expected = 'a cron schedule such as "0 4 * * 1-5"';
      refuse(at, 'disruption.quiet.schedule', expected, JSON.stringify(quiet.schedule));
    }
  }
  return { consolidation: consolidation.mode, atOnce, quiet, expireAfter };
}

function refuse(at: string, prop: string, expected: string, received: string): never {
  throw new ConstructError(
    'MANARA_CAPACITY',
    at,
    `${prop}: expected ${expected}; received ${received}`,
  );
}

function checkPlace(at: string, place: string, { kind }: ProvisionerMode): void {
  const cloud = kind === 'labelled' ? '' : kind.replace('karpenter-', '');
  if (cloud === '' || place.startsWith(`${cloud}:`)) return;
  refuse(at, 'provisioner', `one of the site's place, ${place}`, `Karpenter on ${cloud}`);
}

/** What only whoever makes the nodes can do. */
function checkUnmade(at: string, props: NodePoolProps): void {
  const made = ['spot', 'availabilityZones', 'diskSize', 'disruption'] as const;
  const given = made.find((prop) => props[prop] !== undefined);
  if (given === undefined) return;
  refuse(at, given, 'none, as nothing here makes the nodes: they are what they are', 'some');
}

function checkCount(at: string, prop: string, n: number, least: number, most: number): void {
  if (Number.isSafeInteger(n) && n >= least && n <= most) return;
  const expected =
    most < least
      ? 'no spot where nodes.max leaves no node above the floor'
      : `a whole number from ${least} to ${most}`;
  refuse(at, prop, expected, String(n));
}

function checkDuration(
  at: string,
  prop: string,
  given: Duration,
  least: Duration,
  stepSeconds = 1,
): void {
  const seconds = given.toMilliseconds() / 1000;
  const leastSeconds = least.toSeconds();
  if (seconds >= leastSeconds && seconds % stepSeconds === 0) return;
  const step = stepSeconds === 1 ? 'seconds' : 'minutes';
  refuse(at, prop, `whole ${step}, at least ${least.toHumanString()}`, given.toHumanString());
}

function diskGiB(at: string, { diskSize }: NodePoolProps): number {
  const gib = diskSize === undefined ? 100 : diskSize.toKibibytes() / 1024 ** 2;
  if (Number.isSafeInteger(gib) && gib >= 30 && gib <= 2048) return gib;
  return refuse(at, 'diskSize', 'whole GiB from 30 to 2048', `${gib} GiB`);
}

function checkLabels(at: string, labels: Labels): void {
  const own = /^((manara\.dev|([\w-]+\.)*karpenter\.sh|kubernetes\.io)\/|nvidia\.com\/)/;
  const wrong = Object.entries(labels).find(
    ([key, value]) => !labelKey.test(key) || own.test(key) || !isLabelValue(value),
  );
  if (wrong === undefined) return;
  const expected = 'labels such as team: fraud, none of manara.dev, karpenter.sh or nvidia.com';
  refuse(at, 'labels', expected, wrong.join(': '));
}

function checkTaints(at: string, taints: readonly Taint[]): void {
  for (const { key, value, effect } of taints) {
    if (!taintEffects.includes(effect)) {
      refuse(at, 'taints', `effects of ${taintEffects.join(', ')}`, JSON.stringify(effect));
    }
    if (labelKey.test(key) && (value === undefined || isLabelValue(value))) continue;
    const expected = 'a key and a value as labels have them';
    refuse(at, 'taints', expected, `${key}=${value ?? ''}`);
  }
}

function checkOfferings(at: string, types: readonly string[], offerings: InstanceOfferings): void {
  for (const type of types) {
    const offered = Object.hasOwn(offerings, type) ? offerings[type] : undefined;
    if (offered === undefined) continue;
    const { vcpus, memoryGiB = 1, gpu } = offered;
    const isMachine =
      vcpus > 0 &&
      memoryGiB > 0 &&
      (gpu === undefined || (gpu.count > 0 && isLabelValue(gpu.name)));
    if (isMachine && isLabelValue(type)) continue;
    refuse(
      at,
      'offerings',
      'machines with vCPUs and memory above 0, and GPUs whose names are labels, such as nvidia-l4',
      JSON.stringify({ [type]: offered }),
    );
  }
}
