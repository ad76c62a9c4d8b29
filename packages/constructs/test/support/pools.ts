import { App } from 'cdk8s';
import {
  CpuNodePool,
  type CpuNodePoolProps,
  GpuNodePool,
  type GpuNodePoolProps,
  Provisioner,
  type Site,
} from '../../src';
import { newSite, newZone, type UaePlace } from './fixtures';

export const karpenterAws = Provisioner.karpenterAws({
  bottlerocket: 'v1.55.0',
  instanceProfile: 'bank-node',
  subnetIds: ['subnet-0a1b', 'subnet-0c2d'],
  securityGroupIds: ['sg-0e3f'],
  diskKeyArn: 'arn:aws:kms:me-central-1:111122223333:key/disks',
});

/** Machines of one's own, and sizes of Azure that no table here has. */
export const machines = {
  'dgx-h100': {
    zones: [],
    vcpus: 224,
    memoryGiB: 2048,
    architecture: 'x86_64',
    gpu: { name: 'nvidia-h100-80gb', count: 8 },
  },
  Standard_NC24ads_A100_v4: {
    zones: ['1', '3'],
    vcpus: 24,
    memoryGiB: 220,
    architecture: 'x86_64',
    gpu: { name: 'nvidia-a100-80gb', count: 1 },
  },
  Standard_D8s_v5: {
    zones: ['1', '2', '3'],
    vcpus: 8,
    memoryGiB: 32,
    architecture: 'x86_64',
  },
} as const;

export function awsSite(app: App = new App()): Site<UaePlace> {
  return newSite(newZone(app));
}

export function azureSite(app: App = new App()): Site<UaePlace> {
  return newSite(newZone(app), 'abu-dhabi', { place: 'azure:uaenorth' });
}

export function gpuPool(
  site: Site<UaePlace>,
  props: Partial<GpuNodePoolProps> = {},
  id = 'gpus',
): GpuNodePool<UaePlace> {
  return new GpuNodePool<UaePlace>(site, id, {
    instanceTypes: ['g6.xlarge'],
    nodes: { max: 4 },
    provisioner: karpenterAws,
    ...props,
  });
}

export function cpuPool(
  site: Site<UaePlace>,
  props: Partial<CpuNodePoolProps> = {},
  id = 'web',
): CpuNodePool<UaePlace> {
  return new CpuNodePool<UaePlace>(site, id, {
    instanceTypes: ['m7i.xlarge'],
    nodes: { max: 4 },
    provisioner: karpenterAws,
    ...props,
  });
}

/** Nodes that somebody else made. */
export const there = {
  provisioner: Provisioner.labelled(),
  instanceTypes: ['dgx-h100'],
  offerings: machines,
} as const;
