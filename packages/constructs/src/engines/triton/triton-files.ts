import { container, modelConfigFile, versionFolder } from '@manara/contract';
import type { k8s } from 'cdk8s-plus-28';
import { emptyDir, fetchVolumes } from '../parts/fetch-weights';
import { fileVolume, type PodFile } from '../parts/pod-files';
import { modelConfig, pipelineConfig } from './model-config';
import type { ResolvedPipeline } from './resolve-pipeline';
import { engineFolder } from './tensor-rt';
import type { TritonPlan } from './triton-plan';

/** Triton's model repository, put together from what the pod has: read-only, file by file. */
export interface TritonFiles {
  readonly files: readonly PodFile[];
  readonly volumes: readonly k8s.Volume[];
  readonly mounts: readonly k8s.VolumeMount[];
}

const configs = 'model-configs';
const empty = 'empty';
const engines = 'engines';

export function tritonFiles(
  { models }: TritonPlan,
  pipelines: readonly ResolvedPipeline[],
): TritonFiles {
  const files = [
    ...models.map((plan) => configFile(plan.model.name, modelConfig(plan))),
    ...pipelines.map((resolved) => {
      const steps = resolved.pipeline.steps.map(({ model }) => model);
      const sizes = models
        .filter(({ model }) => steps.includes(model.name))
        .map(({ batching }) => batching.maxBatchSize);
      return configFile(resolved.pipeline.name, pipelineConfig(resolved, sizes));
    }),
  ];
  const isBuilding = models.some(({ model }) => model.options.tensorRt !== undefined);
  return {
    files,
    volumes: [
      fileVolume(configs, files),
      ...(pipelines.length === 0 ? [] : [emptyDir(empty, 1)]),
      ...(isBuilding ? [emptyDir(engines, engineMebibytes(models))] : []),
    ],
    mounts: [
      ...models.flatMap(({ model: { name, versions } }) =>
        versions.map(({ number }) => mount(fetchVolumes.weights, versionFolder(name, number))),
      ),
      // A pipeline has no weights, and Triton asks for a version all the same.
      ...pipelines.map(({ pipeline: { name } }) => ({
        name: empty,
        mountPath: `${container.modelRepository}/${versionFolder(name, 1)}`,
        readOnly: true,
      })),
      ...files.map(({ name }) => ({
        name: configs,
        mountPath: `${container.modelRepository}/${name.replace(/\.pbtxt$/, '')}/${modelConfigFile}`,
        subPath: name,
        readOnly: true,
      })),
      ...(isBuilding ? [{ name: engines, mountPath: engineFolder }] : []),
    ],
  };
}

function configFile(model: string, text: string): PodFile {
  return { annotation: `pbtxt.manara.dev/${model}`, name: `${model}.pbtxt`, text };
}

function mount(volume: string, path: string): k8s.VolumeMount {
  const mountPath = `${container.modelRepository}/${path}`;
  return { name: volume, mountPath, subPath: path, readOnly: true };
}

/** An engine holds the weights again, and what was timed for it. */
function engineMebibytes(models: TritonPlan['models']): number {
  const bytes = models
    .flatMap(({ model }) => model.versions)
    .reduce((sum, { artifact }) => sum + artifact.sizeBytes, 0);
  return Math.ceil((bytes * 2) / 2 ** 20) + 256;
}
