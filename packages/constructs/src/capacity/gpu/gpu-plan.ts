import { ConstructError } from '../../construct-error';
import type { NodePlan } from '../node-plan';
import { type DevicesMode, devicesWords, GpuDevices } from './devices';
import { GpuSharing, type SharingMode, sharesOf } from './sharing';

/** What the GPUs of a pool are to pods. */
export interface GpuPlan {
  /** `nvidia-l4` */
  readonly name: string;
  readonly devices: DevicesMode;
  readonly sharing: SharingMode;
  /** Pods that can each have a share of one GPU. */
  readonly shares: number;
}

interface GpuChoices {
  readonly sharing?: GpuSharing | undefined;
  readonly devices?: GpuDevices | undefined;
}

/** Who can offer the GPUs of nodes that each provisioner makes, and why no other. */
const able = {
  'karpenter-aws': {
    kinds: ['present'],
    because: 'Bottlerocket has the driver and the device plugin in it',
  },
  'karpenter-azure': {
    kinds: ['plugin', 'operator'],
    because: "AKS's images have the driver and no device plugin, and Karpenter passes claims over",
  },
  labelled: { kinds: ['present', 'plugin', 'operator', 'claims'], because: '' },
} as const satisfies Record<
  NodePlan['provisioner']['kind'],
  { kinds: readonly DevicesMode['kind'][]; because: string }
>;

/**
 * @param at construct path of the pool
 * @throws ConstructError MANARA_CAPACITY for devices that the nodes cannot have, and for a way of sharing
 * that the GPU, or what offers it, lacks
 */
export function planGpus(at: string, plan: NodePlan, choices: GpuChoices): GpuPlan {
  const { kinds, because } = able[plan.provisioner.kind];
  const usual = plan.provisioner.kind === 'karpenter-azure' ? undefined : GpuDevices.present();
  const devices = (choices.devices ?? usual)?.mode;
  if (devices === undefined || !kinds.some((kind) => kind === devices.kind)) {
    const allowed = kinds.map((kind) => devicesWords[kind]).join(' or ');
    const received = devices === undefined ? 'nothing' : devicesWords[devices.kind];
    refuse(at, `devices: expected ${allowed}, as ${because}; received ${received}`);
  }
  const { sharing = GpuSharing.none() } = choices;
  const name = plan.gpu ?? '';
  const shares = sharesOf(at, name, sharing);
  checkSharing(at, devices, sharing.mode, plan);
  return { name, devices, sharing: sharing.mode, shares };
}

function checkSharing(
  at: string,
  devices: DevicesMode,
  { kind }: SharingMode,
  { provisioner }: NodePlan,
): void {
  if (devices.kind === 'claims' && kind === 'time-slicing') {
    refuse(
      at,
      'sharing: expected GpuSharing.none() or .mig(…) where pods claim devices, as each claim has its device to itself; received time-slicing',
    );
  }
  if (devices.kind === 'plugin' && kind === 'mig' && provisioner.kind !== 'labelled') {
    refuse(
      at,
      'sharing: expected devices: GpuDevices.operator() beside mig(…), as the device plugin partitions nothing; received GpuDevices.plugin(image)',
    );
  }
}

function refuse(at: string, message: string): never {
  throw new ConstructError('MANARA_CAPACITY', at, message);
}

/** Labels by which NVIDIA's GPU operator knows what to do with a node. */
export function operatorLabels({ devices, sharing }: GpuPlan): Readonly<Record<string, string>> {
  if (devices.kind !== 'operator') return {};
  if (sharing.kind === 'mig') return { 'nvidia.com/mig.config': `all-${sharing.profile}` };
  if (sharing.kind === 'none') return {};
  return { 'nvidia.com/device-plugin.config': timeSlicingConfig(sharing.replicas) };
}

/** Name of a configuration of the operator's device plugin. */
export function timeSlicingConfig(replicas: number): string {
  return `time-slicing-${replicas}`;
}
