import type { Source } from '../source';

/** What is known of an instance type at a place. */
export interface InstanceOffering {
  /** Availability zones that offer it: ids at AWS, numbers at Azure; none where the place has none. */
  readonly zones: readonly string[];
  readonly vcpus: number;
  /** @default - not known: what pods ask for is not held to it */
  readonly memoryGiB?: number;
  readonly architecture: 'x86_64' | 'arm64';
  /** @default - none */
  readonly gpu?: {
    /** Maker and model: `nvidia-l4`. */
    readonly name: string;
    readonly count: number;
  };
  /**
   * Interfaces of Elastic Fabric Adapter that it can have.
   * @default 0
   */
  readonly efaInterfaces?: number;
}

/** Instance types by name. */
export type InstanceOfferings = Readonly<Record<string, InstanceOffering>>;

const everywhere = ['mec1-az1', 'mec1-az2', 'mec1-az3'];

/**
 * @param gibPerVcpu the same for every size of a family
 * @param sizes each with its vCPUs: `large 2, xlarge 4`
 */
function family(
  name: string,
  architecture: InstanceOffering['architecture'],
  gibPerVcpu: number,
  zones: readonly string[],
  sizes: string,
): InstanceOfferings {
  return Object.fromEntries(
    rowsOf(sizes).map(([size, vcpus]) => [
      `${name}.${size}`,
      { zones, vcpus: Number(vcpus), memoryGiB: Number(vcpus) * gibPerVcpu, architecture },
    ]),
  );
}

/** @param sizes each with its vCPUs, GPUs and EFA interfaces: `xlarge 4 1 0, 8xlarge 32 1 1` */
function gpuFamily(
  name: string,
  gibPerVcpu: number,
  zones: readonly string[],
  gpu: string,
  sizes: string,
): InstanceOfferings {
  return Object.fromEntries(
    rowsOf(sizes).map(([size, vcpus, gpus, efa]): [string, InstanceOffering] => [
      `${name}.${size}`,
      {
        zones,
        vcpus: Number(vcpus),
        memoryGiB: Number(vcpus) * gibPerVcpu,
        architecture: 'x86_64',
        gpu: { name: gpu, count: Number(gpus) },
        efaInterfaces: Number(efa),
      },
    ]),
  );
}

function rowsOf(sizes: string): readonly (readonly string[])[] {
  return sizes.split(', ').map((row) => row.split(' '));
}

/**
 * What the availability zones of me-central-1 offered when it was read. It perishes: t3, there in 2025,
 * is gone. `aws ec2 describe-instance-type-offerings --location-type availability-zone-id` says what
 * there is today; give that as `offerings`.
 */
export const uaeOfferings: InstanceOfferings = {
  ...family(
    'c5',
    'x86_64',
    2,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 9xlarge 36, 12xlarge 48, 18xlarge 72, 24xlarge 96, metal 96',
  ),
  ...family(
    'c5d',
    'x86_64',
    2,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 9xlarge 36, 12xlarge 48, 18xlarge 72, 24xlarge 96, metal 96',
  ),
  ...family(
    'c6g',
    'arm64',
    2,
    everywhere,
    'medium 1, large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, metal 64',
  ),
  ...family(
    'c6in',
    'x86_64',
    2,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, 32xlarge 128, metal 128',
  ),
  ...family(
    'c7i',
    'x86_64',
    2,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, metal-24xl 96, 48xlarge 192, metal-48xl 192',
  ),
  ...family(
    'c8gn',
    'arm64',
    2,
    everywhere,
    'medium 1, large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, 48xlarge 192',
  ),
  ...gpuFamily(
    'g5',
    4,
    ['mec1-az1', 'mec1-az2'],
    'nvidia-a10g',
    'xlarge 4 1 0, 2xlarge 8 1 0, 4xlarge 16 1 0, 8xlarge 32 1 1, 12xlarge 48 4 1, 16xlarge 64 1 1, 24xlarge 96 4 1, 48xlarge 192 8 1',
  ),
  ...gpuFamily(
    'g6',
    4,
    ['mec1-az1', 'mec1-az2'],
    'nvidia-l4',
    'xlarge 4 1 0, 2xlarge 8 1 0, 4xlarge 16 1 0, 8xlarge 32 1 1, 12xlarge 48 4 1, 16xlarge 64 1 1, 24xlarge 96 4 1, 48xlarge 192 8 1',
  ),
  ...gpuFamily(
    'g6e',
    8,
    ['mec1-az1', 'mec1-az2'],
    'nvidia-l40s',
    'xlarge 4 1 0, 2xlarge 8 1 0, 4xlarge 16 1 0, 8xlarge 32 1 1, 12xlarge 48 4 1, 16xlarge 64 1 1, 24xlarge 96 4 2, 48xlarge 192 8 4',
  ),
  ...family(
    'i3',
    'x86_64',
    7.625,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 16xlarge 64',
  ),
  ...family(
    'i3en',
    'x86_64',
    8,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 3xlarge 12, 6xlarge 24, 12xlarge 48, 24xlarge 96, metal 96',
  ),
  ...family(
    'i4i',
    'x86_64',
    8,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, 32xlarge 128, metal 128',
  ),
  ...family(
    'i7i',
    'x86_64',
    8,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, metal-24xl 96, 48xlarge 192, metal-48xl 192',
  ),
  ...family(
    'm5',
    'x86_64',
    4,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, metal 96',
  ),
  ...family(
    'm5d',
    'x86_64',
    4,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, metal 96',
  ),
  ...family(
    'm6g',
    'arm64',
    4,
    everywhere,
    'medium 1, large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, metal 64',
  ),
  ...family(
    'm6gd',
    'arm64',
    4,
    everywhere,
    'medium 1, large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, metal 64',
  ),
  ...family(
    'm6i',
    'x86_64',
    4,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, 32xlarge 128, metal 128',
  ),
  ...family(
    'm7g',
    'arm64',
    4,
    everywhere,
    'medium 1, large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, metal 64',
  ),
  ...family(
    'm7gd',
    'arm64',
    4,
    everywhere,
    'medium 1, large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, metal 64',
  ),
  ...family(
    'm7i',
    'x86_64',
    4,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, metal-24xl 96, 48xlarge 192, metal-48xl 192',
  ),
  ...family(
    'm8g',
    'arm64',
    4,
    everywhere,
    'medium 1, large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, metal-24xl 96, 48xlarge 192, metal-48xl 192',
  ),
  ...gpuFamily('p5en', 2048 / 192, ['mec1-az1', 'mec1-az3'], 'nvidia-h200', '48xlarge 192 8 16'),
  ...family(
    'r5',
    'x86_64',
    8,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, metal 96',
  ),
  ...family(
    'r5d',
    'x86_64',
    8,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, metal 96',
  ),
  ...family(
    'r6g',
    'arm64',
    8,
    everywhere,
    'medium 1, large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, metal 64',
  ),
  ...family(
    'r6i',
    'x86_64',
    8,
    everywhere,
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, 32xlarge 128, metal 128',
  ),
  ...family(
    'r7g',
    'arm64',
    8,
    everywhere,
    'medium 1, large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, metal 64',
  ),
  ...family(
    'r7gd',
    'arm64',
    8,
    everywhere,
    'medium 1, large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, metal 64',
  ),
  ...family(
    'r8g',
    'arm64',
    8,
    everywhere,
    'medium 1, large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, metal-24xl 96, 48xlarge 192, metal-48xl 192',
  ),
  ...family(
    'r8i',
    'x86_64',
    8,
    ['mec1-az2', 'mec1-az3'],
    'large 2, xlarge 4, 2xlarge 8, 4xlarge 16, 8xlarge 32, 12xlarge 48, 16xlarge 64, 24xlarge 96, 32xlarge 128, 48xlarge 192, metal-48xl 192, 96xlarge 384, metal-96xl 384',
  ),
  ...family('x2idn', 'x86_64', 16, everywhere, '16xlarge 64, 24xlarge 96, 32xlarge 128, metal 128'),
  ...family(
    'x2iezn',
    'x86_64',
    32,
    ['mec1-az2', 'mec1-az3'],
    '2xlarge 8, 4xlarge 16, 6xlarge 24, 8xlarge 32, 12xlarge 48, metal 48',
  ),
};

export const offeringSources: readonly Source[] = [
  {
    title: 'moto 5.2.5, instance_type_offerings/availability-zone-id/me-central-1, of October 2026',
    where: 'moto on PyPI',
    standing: 'primary',
    read: '2026-11-22',
  },
  {
    title: 'moto 5.2.5, instance_types: vCPUs, memory, GPUs and EFA interfaces, of October 2026',
    where: 'moto on PyPI',
    standing: 'primary',
    read: '2026-11-23',
  },
];

/** Offerings of a place; nothing where none were read. */
export function offeringsAt(place: string): InstanceOfferings | undefined {
  return place === 'aws:me-central-1' ? uaeOfferings : undefined;
}
