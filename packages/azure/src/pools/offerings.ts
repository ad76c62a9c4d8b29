import type { InstanceOffering, InstanceOfferings, Place } from '@manara/residency';
import { capability, isOffered, locationOf, restriction, skuZones, type VmSku } from './vm-sku';

/** Models of GPU by what stands in the names of sizes. Source: Microsoft Learn, sizes; read 2026-11. */
const gpuModels = [
  [/^Standard_NC\d+ads_A100_v4$|^Standard_ND\d+amsr_A100_v4$/, 'nvidia-a100-80gb'],
  [/^Standard_ND\d+asr_v4$/, 'nvidia-a100-40gb'],
  [/^Standard_NC\d+adi?s_H100_v5$/, 'nvidia-h100-94gb'],
  [/^Standard_ND\d+isr_H100_v5$/, 'nvidia-h100-80gb'],
  [/^Standard_ND\d+isr_H200_v5$/, 'nvidia-h200'],
  [/^Standard_NC\d+as_T4_v3$/, 'nvidia-t4'],
  [/^Standard_NV\d+adm?s_A10_v5$/, 'nvidia-a10'],
] as const;

/**
 * What a subscription can have at a place, for the `offerings` of a node pool of `@manara/constructs`. Sizes
 * that it is denied are left out, and so are those with a part of a GPU or one that is not known here.
 *
 * @param skus as `az vm list-skus` prints them
 */
export function azureOfferings(skus: readonly VmSku[], place: Place): InstanceOfferings {
  const location = locationOf(place);
  const here = skus.filter((sku) => isOffered(sku, location) && restriction(sku) === undefined);
  return Object.fromEntries(here.flatMap((sku) => entryOf(sku, location)));
}

function entryOf(sku: VmSku, location: string): readonly [string, InstanceOffering][] {
  const count = capability(sku, 'GPUs');
  const model = gpuModels.find(([form]) => form.test(sku.name))?.[1];
  if (count > 0 && (model === undefined || !Number.isSafeInteger(count))) return [];
  const memoryGiB = capability(sku, 'MemoryGB');
  const architecture = sku.capabilities.find(({ name }) => name === 'CpuArchitectureType')?.value;
  const offering: InstanceOffering = {
    zones: skuZones(sku, location),
    vcpus: capability(sku, 'vCPUs'),
    ...(memoryGiB > 0 ? { memoryGiB } : {}),
    architecture: architecture?.toLowerCase() === 'arm64' ? 'arm64' : 'x86_64',
    ...(count > 0 && model !== undefined ? { gpu: { name: model, count } } : {}),
  };
  return [[sku.name, offering]];
}
