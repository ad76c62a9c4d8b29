import { Readable } from 'node:stream';
import type { GetObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { s3Environment } from '@manara/contract';
import { FetchError, isPassingStatus, SourceChanged } from '../fetch-error';
import { parseContentRange } from './http-file';
import { type OpenedSource, type ResumePoint, type Source, SourceUriError } from './source';

/** Bucket names, and the key as it is: S3 keys may hold `?`, `#` and `%`, so this is no URL. */
const pattern = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/s;

/**
 * An object in S3 or in a store that speaks its protocol, with the SDK's own chain of credentials
 * (pod identity, web identity, environment, …), region and endpoint (`AWS_REGION`,
 * `AWS_ENDPOINT_URL_S3`).
 *
 * @throws SourceUriError unless the URI is `s3://bucket/key`.
 */
export function s3Source(uri: string): Source {
  const [, bucket, key] = pattern.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new SourceUriError(`expected s3://bucket/key, received "${uri}"`);
  }
  return {
    label: uri,
    open: (from, signal) => open(uri, { Bucket: bucket, Key: key }, from, signal),
  };
}

async function open(
  uri: string,
  object: { readonly Bucket: string; readonly Key: string },
  from: ResumePoint,
  signal: AbortSignal,
): Promise<OpenedSource> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  try {
    const command = new GetObjectCommand({ ...object, ...remainder(from) });
    const reply = await (await client()).send(command, { abortSignal: signal });
    const { Body, ContentLength, ContentRange, ETag } = reply;
    if (!(Body instanceof Readable)) throw new FetchError(`${uri}: the store sent no body`, true);
    const range = parseContentRange(ContentRange);
    // A store that knows no ranges sends the whole object.
    if (range === undefined) return { body: Body, offset: 0, bytes: ContentLength, etag: ETag };
    return { body: Body, offset: range.start, bytes: range.total, etag: ETag };
  } catch (error) {
    if ([412, 416].includes(statusOf(error) ?? 0)) throw new SourceChanged(uri, { cause: error });
    throw refusal(uri, error) ?? error;
  }
}

function remainder({
  offset,
  etag,
}: ResumePoint): Pick<GetObjectCommandInput, 'Range' | 'IfMatch'> {
  return offset === 0 ? {} : { Range: `bytes=${offset}-`, IfMatch: etag };
}

let shared: S3Client | undefined;

/** One client for all versions, so that credentials are asked for once. */
async function client(): Promise<S3Client> {
  // Loaded on first use: most sites read https: or file:, and need none of it.
  const { S3Client } = await import('@aws-sdk/client-s3');
  shared ??= new S3Client({
    // Tries are counted in one place, around the whole download.
    maxAttempts: 1,
    // The SHA-256 of the whole says more than the store's own sum, and the same for every source.
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Stores other than AWS's rarely resolve a name for each bucket.
    forcePathStyle: hasCustomEndpoint(),
  });
  return shared;
}

function hasCustomEndpoint(): boolean {
  const endpoint = process.env[s3Environment.endpoint] ?? process.env.AWS_ENDPOINT_URL ?? '';
  return endpoint !== '';
}

/** What the store itself answered, with the hint that the answer calls for. */
function refusal(uri: string, error: unknown): FetchError | undefined {
  const status = statusOf(error);
  if (!(error instanceof Error) || status === undefined) return undefined;
  return new FetchError(
    `${uri}: the store answered ${status} ${error.name}${hints[status] ?? ''}`,
    isPassingStatus(status),
    { cause: error },
  );
}

const hints: Readonly<Record<number, string>> = {
  301: ': the bucket is in another region, which leaves the declared flow; set AWS_REGION to its region',
  403: ': this identity needs s3:GetObject on the object, and kms:Decrypt where a key of yours encrypts it',
};

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata as { readonly httpStatusCode?: number };
  return metadata.httpStatusCode;
}
