import { type ApiVersion, openApiDocument } from '@manara/contract';
import { errorCatalogue } from '../errors';
import type { LoadedVersion } from '../repository/loaded-version';
import type { ModelEntry } from '../repository/model-entry';
import type { ModelRepository } from '../repository/repository';
import { serverVersion } from '../version';
import type { Readable } from '../views';
import type { OfferedApi } from './offered';

/** Documents that are kept: callers that may read the same models share one. */
const mostDocuments = 16;

/** The OpenAPI document of what answers now, written anew when that changes. */
export class ServedDocument {
  private readonly documents = new Map<string, Buffer>();

  constructor(
    private readonly repository: ModelRepository,
    private readonly offered: OfferedApi,
  ) {}

  /**
   * The document as JSON.
   *
   * @param readable - what the caller may know of.
   */
  for(readable: Readable): Buffer {
    const versions = this.repository
      .models()
      .flatMap(answering)
      .filter(({ loaded: { model, version } }) => readable(model, version));
    const of = JSON.stringify(versions.map(({ loaded, isDefault }) => [loaded.key, isDefault]));
    const known = this.documents.get(of);
    if (known !== undefined) return known;
    const document = openApiDocument({
      version: serverVersion,
      versions: versions.map(apiVersion),
      errors: errorCatalogue,
      ...this.offered,
    });
    const bytes = Buffer.from(JSON.stringify(document));
    const [oldest] = this.documents.keys();
    if (this.documents.size >= mostDocuments && oldest !== undefined) this.documents.delete(oldest);
    this.documents.set(of, bytes);
    return bytes;
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
