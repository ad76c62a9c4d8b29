import type { InstanceOffering, InstanceOfferings } from '@manara/residency';
import { nearestOffered } from './nearest-offered';

/** What is asked of the nodes of a pool. */
export interface PoolQuestion {
  /** Where they stand. */
  readonly place: string;
  readonly instanceTypes: readonly string[];
  /** Zones that are asked for. @default - those of `zones` that offer every type */
  readonly availabilityZones: readonly string[] | undefined;
  /** Zones that there are. @default - those that the offerings name */
  readonly zones: readonly string[] | undefined;
  /** Whose they are, in words: `the network`. */
  readonly whose: string;
  readonly offerings: InstanceOfferings | undefined;
  /** How to give offerings where there are none, in words. */
  readonly offeringsFix: string;
  readonly wants: 'cpu' | 'gpu';
}

/** What the nodes of a pool have in common. */
export interface PoolPlan {
  /** None where the place has none. */
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
  /** What each of the types is. */
  readonly offered: readonly InstanceOffering[];
  readonly architecture: InstanceOffering['architecture'];
  /** GPU of every type, `nvidia-l4`; none on a CPU pool. */
  readonly gpu: string | undefined;
  /** vCPUs of the largest type. */
  readonly vcpus: number;
}

/** Throws the error of whoever asks, naming the prop. */
export type RefusePool = (
  prop: 'instanceTypes' | 'availabilityZones' | 'offerings',
  expected: string,
  received: unknown,
) => never;

/**
 * Which zones can run a pool.
 *
 * @param refuse called for a type that the place or a zone lacks, with what there is, and for types that
 * cannot stand in one pool
 */
export function planPool(question: PoolQuestion, refuse: RefusePool): PoolPlan {
  const { instanceTypes } = question;
  const offered = instanceTypes.map((type) => offeringOf(question, refuse, type));
  const [first] = offered;
  if (first === undefined) {
    return refuse('instanceTypes', 'at least one instance type', instanceTypes);
  }
  const alike = offered.every(
    (o) => o.architecture === first.architecture && o.gpu?.name === first.gpu?.name,
  );
  if (!alike) {
    const expected = 'types of one architecture and one GPU, as a pod asks for one';
    refuse('instanceTypes', expected, instanceTypes);
  }
  return {
    zones: zonesFor(question, refuse, offered),
    instanceTypes,
    offered,
    architecture: first.architecture,
    gpu: first.gpu?.name,
    vcpus: Math.max(...offered.map(({ vcpus }) => vcpus)),
  };
}

function offeringOf(question: PoolQuestion, refuse: RefusePool, type: string): InstanceOffering {
  const { offerings, place, wants, offeringsFix } = question;
  if (offerings === undefined) {
    const expected = `what the zones of ${place} offer: none is known here; ${offeringsFix}`;
    return refuse('offerings', expected, undefined);
  }
  const offering = Object.hasOwn(offerings, type) ? offerings[type] : undefined;
  if (offering === undefined) {
    const near = nearestOffered(type, candidates(question));
    const hint = near.length === 0 ? '' : `; the nearest to it: ${near.join(', ')}`;
    const expected = `a type that ${place} offers: ${listed(question)}${hint}`;
    return refuse('instanceTypes', expected, type);
  }
  if ((offering.gpu === undefined) === (wants === 'gpu')) {
    const [allowed, other] =
      wants === 'gpu'
        ? ['a type with a GPU', 'CpuNodePool']
        : ['a type without a GPU', 'GpuNodePool'];
    const expected = `${allowed}: ${listed(question)}; for this one, ${other}`;
    return refuse('instanceTypes', expected, type);
  }
  return offering;
}

function zonesFor(
  question: PoolQuestion,
  refuse: RefusePool,
  offered: readonly InstanceOffering[],
): readonly string[] {
  const { instanceTypes, availabilityZones, whose } = question;
  const possible = question.zones ?? [...new Set(offered.flatMap(({ zones }) => zones))].sort();
  const foreign = availabilityZones?.find((zone) => !possible.includes(zone));
  if (foreign !== undefined) {
    refuse('availabilityZones', `zones of ${whose}: ${possible.join(', ') || 'none'}`, foreign);
  }
  if (availabilityZones?.length === 0) {
    refuse('availabilityZones', `at least one of ${possible.join(', ')}`, availabilityZones);
  }
  for (const zone of availabilityZones ?? []) {
    const lacking = instanceTypes.find((_, i) => offered[i]?.zones.includes(zone) === false);
    if (lacking === undefined) continue;
    const where = question.offerings?.[lacking]?.zones.join(', ') ?? 'no zone';
    const expected = `types that ${zone} offers: ${listed(question, zone)}; "${lacking}" is in ${where}`;
    refuse('instanceTypes', expected, lacking);
  }
  if (possible.length === 0) return [];
  const zones =
    availabilityZones ?? possible.filter((zone) => offered.every((o) => o.zones.includes(zone)));
  if (zones.length > 0) return zones;
  return refuse(
    'instanceTypes',
    `types that one of ${whose}'s zones (${possible.join(', ')}) offers together: ${listed(question)}`,
    instanceTypes,
  );
}

/** What is offered of the kind that is wanted, in a zone or in all. */
function candidates({ offerings = {}, wants }: PoolQuestion, zone?: string): InstanceOfferings {
  return Object.fromEntries(
    Object.entries(offerings).filter(
      ([, o]) =>
        (o.gpu !== undefined) === (wants === 'gpu') &&
        (zone === undefined || o.zones.includes(zone)),
    ),
  );
}

/** What there is: each GPU family with its zones; of CPU types, which are many, the families. */
function listed(question: PoolQuestion, zone?: string): string {
  const families = Object.entries(candidates(question, zone)).map(([type, { zones }]) => {
    const [family = ''] = type.split('.');
    const where = zone === undefined && question.wants === 'gpu' && zones.length > 0;
    return where ? `${family} in ${zones.join(' and ')}` : family;
  });
  return [...new Set(families)].join(', ') || 'none';
}
