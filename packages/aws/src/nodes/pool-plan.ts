import { type CloudKind, refuseArg } from '@manara/pulumi';
import type { Place } from '@manara/residency';
import type { InstanceOffering, InstanceOfferings } from '../facts/instance-types';

interface PoolQuestion {
  readonly kind: CloudKind;
  readonly name: string;
  /** Name of the argument that holds the types. */
  readonly arg: string;
  readonly place: Place;
  readonly instanceTypes: readonly string[];
  /** Zones that are asked for. @default - those of the network that offer every type */
  readonly availabilityZones: readonly string[] | undefined;
  readonly networkZones: readonly string[];
  readonly offerings: InstanceOfferings | undefined;
  readonly wants: 'cpu' | 'gpu';
}

/** What the nodes of a pool have in common. */
export interface PoolPlan {
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
  readonly architecture: InstanceOffering['architecture'];
  /** GPU of every type, `nvidia-l4`; none on a CPU pool. */
  readonly gpu: string | undefined;
  /** vCPUs of the largest type. */
  readonly vcpus: number;
  /** EFA interfaces that every type can have. */
  readonly efaInterfaces: number;
}

/**
 * Which zones can run a pool.
 *
 * @throws DeployError MANARA_ARGS for a type that the place or a zone lacks, with what there is, and for
 * types that cannot stand in one pool
 */
export function planPool(question: PoolQuestion): PoolPlan {
  const { instanceTypes } = question;
  const found = instanceTypes.map((type) => offeringOf(question, type));
  const [first] = found;
  if (first === undefined) refuse(question, 'at least one instance type', instanceTypes);
  const alike = found.every(
    (o) => o.architecture === first.architecture && o.gpu?.name === first.gpu?.name,
  );
  if (!alike) {
    refuse(question, 'types of one architecture and one GPU, as a pod asks for one', instanceTypes);
  }
  return {
    zones: zonesOf(question, found),
    instanceTypes,
    architecture: first.architecture,
    gpu: first.gpu?.name,
    vcpus: Math.max(...found.map(({ vcpus }) => vcpus)),
    efaInterfaces: Math.min(...found.map(({ efaInterfaces = 0 }) => efaInterfaces)),
  };
}

function refuse({ kind, name, arg }: PoolQuestion, expected: string, received: unknown): never {
  return refuseArg(kind, name, arg, expected, received);
}

function offeringOf(question: PoolQuestion, type: string): InstanceOffering {
  const { offerings, place, wants } = question;
  if (offerings === undefined) {
    return refuseArg(
      question.kind,
      question.name,
      'offerings',
      `what the zones of ${place} offer: none is known here; give the cluster's offerings`,
      undefined,
    );
  }
  const offering = Object.hasOwn(offerings, type) ? offerings[type] : undefined;
  if (offering === undefined) {
    return refuse(question, `a type that ${place} offers: ${listed(question)}`, type);
  }
  if ((offering.gpu === undefined) === (wants === 'gpu')) {
    const [allowed, other] =
      wants === 'gpu'
        ? ['a type with a GPU', 'CpuNodePool']
        : ['a type without a GPU', 'GpuNodePool'];
    return refuse(question, `${allowed}: ${listed(question)}; for this one, ${other}`, type);
  }
  return offering;
}

function zonesOf(question: PoolQuestion, found: readonly InstanceOffering[]): readonly string[] {
  const { instanceTypes, networkZones, availabilityZones } = question;
  const foreign = availabilityZones?.find((zone) => !networkZones.includes(zone));
  if (foreign !== undefined) {
    refuseArg(
      question.kind,
      question.name,
      'availabilityZones',
      `zones of the network: ${networkZones.join(', ')}`,
      foreign,
    );
  }
  for (const zone of availabilityZones ?? []) {
    const lacking = instanceTypes.find((_, i) => found[i]?.zones.includes(zone) === false);
    if (lacking === undefined) continue;
    const where = question.offerings?.[lacking]?.zones.join(', ') ?? 'no zone';
    refuse(
      question,
      `types that ${zone} offers: ${listed(question, zone)}; "${lacking}" is in ${where}`,
      lacking,
    );
  }
  const zones =
    availabilityZones ?? networkZones.filter((zone) => found.every((o) => o.zones.includes(zone)));
  if (zones.length > 0) return zones;
  return refuse(
    question,
    `types that one of the network's zones (${networkZones.join(', ')}) offers together: ${listed(question)}`,
    instanceTypes,
  );
}

/** What there is: each GPU type with its zones; of CPU types, which are many, the families. */
function listed({ offerings = {}, wants }: PoolQuestion, zone?: string): string {
  const entries = Object.entries(offerings).filter(
    ([, o]) =>
      (o.gpu !== undefined) === (wants === 'gpu') && (zone === undefined || o.zones.includes(zone)),
  );
  const families = new Map<string, string[]>();
  for (const [type, { zones }] of entries) {
    const [family = '', size = ''] = type.split('.');
    const at = zone === undefined && wants === 'gpu' ? ` in ${zones.join(' and ')}` : '';
    const key = `${family}${at}`;
    families.set(key, [...(families.get(key) ?? []), size]);
  }
  if (families.size === 0) return 'none';
  return [...families.keys()].join(', ');
}
