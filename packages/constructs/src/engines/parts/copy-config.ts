import type { ServerConfig } from '@manara/contract';
import type { Place } from '@manara/residency';
import { repositoryKey } from '../../copies/repository-key';
import type { ModelBucket } from '../../model-bucket';
import type { Workload } from '../lowering';
import { validate } from './valid-config';
import { folderOn, publishedFiles } from './weights';

type Served = NonNullable<ServerConfig['models']>[number];

/**
 * Configuration of a fetch mode that brings a workload's weights from their original to a copy, each under
 * the key that it has there.
 */
export function copyConfig({ endpoint, site }: Workload, copy: ModelBucket<Place>): string {
  const models = new Map<string, Served>();
  for (const { artifact } of endpoint.weights) {
    const key = repositoryKey(artifact.key);
    if (artifact.bucketFor(site.place) !== copy || key === undefined) continue;
    const { model, version } = key;
    const versions = [
      ...(models.get(model)?.versions ?? []),
      { version, ...publishedFiles(artifact, artifact.bucket) },
    ];
    models.set(model, { name: model, defaultVersion: version, versions });
  }
  const config = { modelRepository: folderOn(copy.uri), models: [...models.values()] };
  validate(endpoint.path, config);
  return `${JSON.stringify(config, null, 2)}\n`;
}
