import type { ModelSignature } from '@manara/contract';
import { repositoryKey } from './copies/repository-key';
import type { Place } from '@manara/residency';
import { ConstructError } from './construct-error';
import { imageGrammar } from './image-name';
import { modelBucket } from './props/kinds';
import type { ModelBucket } from './model-bucket';
import {
  explanationBeside,
  explanationKind,
  type ExplanationProps,
  type PublishedExplanation,
  publishedExplanation,
} from './explanation-file';
import { publishedDigest } from './file-digest';
import { type ModelFile, readModelFile } from './model-file';
import {
  checkProps,
  kind,
  listOf,
  object,
  optional,
  path,
  record,
  text,
  anyNumber,
} from './props/props';
import { schemeOf } from './props/uri';

/**
 * How weights are stored: one ONNX file, or a folder with safetensors, a tokenizer and a configuration, as
 * language models are published.
 */
export type ModelFormat = 'onnx' | 'safetensors';

export interface ModelArtifactProps<P extends Place> {
  /** Bucket that the weights are published in. */
  readonly bucket: ModelBucket<P>;
  /**
   * Key of the object in the bucket, and in each copy: `fraud/1/model.onnx`; in a registry `fraud:1`. Of
   * safetensors the folder, `assistant/1`.
   */
  readonly key: string;
  /**
   * How the weights are stored.
   * @default 'onnx'
   */
  readonly format?: ModelFormat;
  /**
   * Buckets that hold the same object under the same key. A site reads the one in its own place.
   * @default - none
   */
  readonly copies?: readonly ModelBucket<P>[];
  /**
   * The same file on this machine. Digest, size and tensor signature are read from it, and
   * `manara dev` serves it.
   * @default - none: `sha256` and `sizeBytes` must then be given
   */
  readonly file?: string;
  /**
   * SHA-256 of the file, in lower-case hexadecimal. Checked against `file`, and by every pod. Of safetensors
   * that of the folder's `SHA256SUMS`, which lists all its other files as `sha256sum` does.
   * @default - computed from `file`
   */
  readonly sha256?: string;
  /**
   * Size in bytes; memory and disk are computed from it.
   * @default - that of `file`
   */
  readonly sizeBytes?: number;
  /**
   * What the model takes and gives.
   * @default - read from `file`; otherwise known only to the server
   */
  readonly signature?: ModelSignature;
  /**
   * The `explain.json` of the version, published in the same buckets.
   * @default - none is brought to the pods
   */
  readonly explanation?: ExplanationProps;
}

const artifactKinds = {
  bucket: modelBucket,
  key: text,
  format: optional(
    kind("'onnx' or 'safetensors'", (value) => value === 'onnx' || value === 'safetensors'),
  ),
  copies: optional(listOf(modelBucket)),
  file: optional(path),
  sha256: optional(text),
  sizeBytes: optional(anyNumber),
  signature: optional(record({ inputs: listOf(object), outputs: listOf(object) })),
  explanation: optional(explanationKind),
};

/** Weights of a model: where they are published, and what they are known by. */
export class ModelArtifact<const P extends Place> {
  readonly bucket: ModelBucket<P>;
  readonly copies: readonly ModelBucket<P>[];
  readonly key: string;
  readonly format: ModelFormat;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly signature: ModelSignature | undefined;
  readonly explanation: PublishedExplanation | undefined;
  /** Absolute path of the local file, where one was given. */
  readonly file: string | undefined;

  /**
   * @throws ConstructError MANARA_MODEL_FILE for a missing or unreadable file, and for a size that is
   * missing or not the file's; MANARA_DIGEST for a digest that is malformed, missing, or not the
   * file's; MANARA_URI for a key that is no path, and for copies
   * of another bucket or of a key that no model repository has
   */
  constructor(props: ModelArtifactProps<P>) {
    checkProps('ModelArtifact', props, artifactKinds);
    const at = `ModelArtifact ${props.key}`;
    const { bucket, copies = [], key } = props;
    validateKey(at, { key, buckets: [bucket, ...copies], prop: 'key' });
    validateFormat(at, props);
    validateCopies(at, props);
    const file = props.file === undefined ? undefined : readModelFile(props.file);
    this.bucket = props.bucket;
    this.copies = props.copies ?? [];
    this.key = props.key;
    this.format = props.format ?? 'onnx';
    this.sha256 = publishedDigest(at, 'sha256', props.sha256, file);
    this.sizeBytes = size(at, props.sizeBytes, file);
    this.signature = props.signature ?? file?.signature;
    this.file = file?.path;
    this.explanation = props.explanation && publishedExplanation(at, props.explanation, props.key);
    validateExplanation(at, this);
  }

  /** Every bucket that holds the weights, the original first. */
  get buckets(): readonly ModelBucket<P>[] {
    return [this.bucket, ...this.copies];
  }

  /** The bucket that a site at `place` reads: the one in its own place, otherwise the original. */
  bucketFor(place: Place): ModelBucket<P> {
    return this.buckets.find((bucket) => bucket.place === place) ?? this.bucket;
  }
}

/** An artifact in a registry: a name, and a tag or a digest. */
const inRegistry = /^([^:@]+)(?::([^:@]+)|@([^@]+))$/;

interface Keyed {
  readonly key: string;
  readonly buckets: readonly ModelBucket<Place>[];
  /** Prop that has the key. */
  readonly prop: string;
}

function validateKey(at: string, { key, buckets, prop }: Keyed): void {
  const schemes = buckets.map(({ uri }) => schemeOf(uri));
  const [, name = '', tag, digest] = inRegistry.exec(key) ?? [];
  const { name: names, tag: tags, digest: digests } = imageGrammar;
  const isArtifact =
    names.test(name) && (tag === undefined ? digests.test(digest ?? '') : tags.test(tag));
  const isPath = /^[\w.-]+(\/[\w.-]+)*$/.test(key) && !key.split('/').includes('..');
  const fits = (scheme: string | undefined): boolean => {
    if (scheme === undefined) return isArtifact || isPath;
    return scheme === 'oci:' ? isArtifact : isPath;
  };
  if (schemes.every(fits)) return;
  const expected = schemes.includes('oci:')
    ? 'an artifact such as fraud:1, in registries alone'
    : 'a path such as fraud/1/model.onnx';
  throw new ConstructError('MANARA_URI', at, `${prop}: expected ${expected}; received "${key}"`);
}

function validateCopies(at: string, { bucket, copies = [], key }: ModelArtifactProps<Place>): void {
  const kept = copies.flatMap((bucket) => bucket.copy ?? []);
  const stranger = kept.find(({ from }) => from !== bucket);
  if (stranger !== undefined) {
    throw new ConstructError(
      'MANARA_URI',
      at,
      `copies: expected copies of bucket "${bucket.uri}", received one of "${stranger.from.uri}"`,
    );
  }
  if (kept.length === 0 || repositoryKey(key) !== undefined) return;
  throw new ConstructError(
    'MANARA_URI',
    at,
    `key: weights are copied to where a model repository has them; expected <model>/<version>/model.onnx, received "${key}"`,
  );
}

/** A folder is too large to be brought to each pod, or to be read at synth: it stays on a claim. */
function validateFormat(at: string, props: ModelArtifactProps<Place>): void {
  if (props.format !== 'safetensors') return;
  const refuse = (code: ConstructError['code'], message: string): never => {
    throw new ConstructError(code, at, message);
  };
  for (const { uri, copy } of [props.bucket, ...(props.copies ?? [])]) {
    const scheme = schemeOf(uri);
    if (scheme !== undefined && scheme !== 'pvc:') {
      refuse(
        'MANARA_URI',
        `bucket, copies: safetensors are read where they lie; expected claims such as pvc://model-store, received "${uri}"`,
      );
    }
    if (copy === undefined) continue;
    refuse(
      'MANARA_URI',
      `copies: nothing keeps a copy of a folder; expected claims that your pipeline fills, received a copy of "${copy.from.uri}"`,
    );
  }
  for (const prop of ['file', 'signature', 'explanation'] as const) {
    if (props[prop] === undefined) continue;
    refuse(
      'MANARA_MODEL_FILE',
      `${prop}: belongs to an ONNX model; expected none beside format 'safetensors', received one`,
    );
  }
}

function validateExplanation(
  at: string,
  { explanation, key, buckets }: ModelArtifact<Place>,
): void {
  if (explanation === undefined) return;
  validateKey(at, { key: explanation.key, buckets, prop: 'explanation.key' });
  // What keeps a copy knows the files of a model repository, and no other.
  const isCopied = buckets.some(({ copy }) => copy !== undefined);
  if (!isCopied || explanation.key === explanationBeside(key)) return;
  throw new ConstructError(
    'MANARA_URI',
    at,
    `explanation.key: copies have it beside the weights, "${explanationBeside(key)}"; received "${explanation.key}"`,
  );
}

function size(at: string, given: number | undefined, file: ModelFile | undefined): number {
  const known = given ?? file?.sizeBytes;
  if (known === undefined || !Number.isSafeInteger(known) || known <= 0) {
    throw new ConstructError(
      'MANARA_MODEL_FILE',
      at,
      `sizeBytes: expected whole bytes above 0, or a local file; received ${known ?? 'neither'}`,
    );
  }
  if (file !== undefined && known !== file.sizeBytes) {
    throw new ConstructError(
      'MANARA_MODEL_FILE',
      at,
      `sizeBytes: expected ${known}, but ${file.path} has ${file.sizeBytes}`,
    );
  }
  return known;
}
