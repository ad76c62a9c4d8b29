import { type ApiVersion, openApiDocument } from '@manara/contract';
import { errorCatalogue } from '../errors';
import type { LoadedVersion } from '../repository/loaded-version';
import type { ModelEntry } from '../repository/model-entry';
import type { ModelRepository } from '../repository/repository';
import { serverVersion } from '../version';

/** The OpenAPI document of what answers now, written anew when that changes. */
export class ServedDocument {
  private of = '';
  private bytes = Buffer.alloc(0);

  constructor(private readonly repository: ModelRepository) {}

  /** The document as JSON. */
  current(): Buffer {
    const versions = this.repository.models().flatMap(answering);
    const of = JSON.stringify(versions.map(({ loaded, isDefault }) => [loaded.key, isDefault]));
    if (of !== this.of) {
      const document = openApiDocument({
        version: serverVersion,
        versions: versions.map(apiVersion),
        errors: errorCatalogue,
      });
      this.bytes = Buffer.from(JSON.stringify(document));
      this.of = of;
    }
    return this.bytes;
  }
}

interface Answering {
  readonly loaded: LoadedVersion;
  readonly isDefault: boolean;
}

function answering(entry: ModelEntry): readonly Answering[] {
  const ready = entry.ready();
  const chosen = entry.defaultVersion ?? ready.at(-1)?.version;
  return ready.map((loaded) => ({ loaded, isDefault: loaded.version === chosen }));
}

function apiVersion({ loaded, isDefault }: Answering): ApiVersion {
  const { model, version, signature, traits } = loaded;
  return {
    model,
    version,
    isDefault,
    signature,
    maxBatchSize: signature.maxBatchSize,
    answersZeros: traits.answersZeros,
  };
}
