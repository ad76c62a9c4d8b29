import { type ApiVersion, openApiDocument } from '@manara/contract';
import type { ServerContext } from '../context';
import { errorCatalogue } from '../errors';
import type { LoadedVersion } from '../repository/loaded-version';
import type { ModelEntry } from '../repository/model-entry';
import { serverVersion } from '../version';
import type { Readable } from '../views';

/** Documents that are kept: callers that may read the same models share one. */
const mostDocuments = 16;

/** The OpenAPI document of what answers now, written anew when that changes. */
export class ServedDocument {
  private readonly documents = new Map<string, Buffer>();

  constructor(
    private readonly context: Pick<
      ServerContext,
      'repository' | 'offered' | 'variants' | 'standIns'
    >,
  ) {}

  /**
   * The document as JSON.
   *
   * @param readable - what the caller may know of.
   */
  for(readable: Readable): Buffer {
    const { repository, offered } = this.context;
    const answering = repository
      .models()
      .flatMap((entry) => this.answering(entry))
      .filter(({ loaded: { model, version } }) => readable(model, version));
    const of = JSON.stringify(answering.map(({ loaded, ...said }) => [loaded.key, said]));
    const known = this.documents.get(of);
    if (known !== undefined) return known;
    const document = openApiDocument({
      version: serverVersion,
      versions: answering.map(apiVersion),
      errors: errorCatalogue,
      ...offered,
    });
    const bytes = Buffer.from(JSON.stringify(document));
    const [oldest] = this.documents.keys();
    if (this.documents.size >= mostDocuments && oldest !== undefined) this.documents.delete(oldest);
    this.documents.set(of, bytes);
    return bytes;
  }

  /** The ready versions of a model, with what else answers for them now. */
  private answering(entry: ModelEntry): readonly Answering[] {
    const ready = entry.ready();
    const chosen = entry.answering();
    if (chosen === undefined) return [];
    const variants = this.context.variants?.versions(entry.name, ready, chosen);
    const standIns = this.context.standIns(entry.name)?.map(({ model, version }) => {
      return { model, version };
    });
    // Variants answer also where the default does not.
    const isReady = ready.some(({ version }) => version === chosen);
    const unnamed = isReady ? chosen : variants?.[0];
    return ready.map((loaded) => {
      const isDefault = loaded.version === unnamed;
      return { loaded, isDefault, variants: isDefault ? variants : undefined, standIns };
    });
  }
}

type Answering = Pick<ApiVersion, 'isDefault' | 'variants' | 'standIns'> & {
  readonly loaded: LoadedVersion;
};

function apiVersion({ loaded, ...said }: Answering): ApiVersion {
  const { model, version, signature, traits } = loaded;
  return {
    ...said,
    model,
    version,
    signature,
    maxBatchSize: signature.maxBatchSize,
    answersZeros: traits.answersZeros,
  };
}
