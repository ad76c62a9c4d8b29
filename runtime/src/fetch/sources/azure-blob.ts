import { Readable } from 'node:stream';
import { FetchError, isPassingStatus, SourceChanged } from '../fetch-error';
import { parseContentRange } from './http-file';
import { type OpenedSource, type ResumePoint, type Source, SourceUriError } from './source';

/**
 * Source: Microsoft Learn, "Naming and referencing containers, blobs, and metadata" and "Storage
 * account overview"; read 2026-11.
 */
const pattern = /^azblob:\/\/([a-z0-9]{3,24})\/(\$root|[a-z0-9](?:-?[a-z0-9]){2,62})\/(.+)$/s;

interface BlobName {
  readonly account: string;
  readonly container: string;
  readonly path: string;
}

/**
 * A blob of Azure Storage, with Azure's own chain of credentials (workload identity, managed
 * identity, environment, …). `AZURE_STORAGE_CONNECTION_STRING` names an emulator or a key instead;
 * `AZURE_STORAGE_SERVICE_ENDPOINT` another address of the account.
 *
 * @throws SourceUriError unless the URI is `azblob://account/container/path`.
 */
export function azureBlobSource(uri: string): Source {
  const [, account, container, path] = pattern.exec(uri) ?? [];
  if (account === undefined || container === undefined || path === undefined) {
    throw new SourceUriError(`expected azblob://account/container/path, received "${uri}"`);
  }
  const blob = { account, container, path };
  return { label: uri, open: (from, signal) => open(uri, blob, from, signal) };
}

async function open(
  uri: string,
  { account, container, path }: BlobName,
  { offset, etag }: ResumePoint,
  signal: AbortSignal,
): Promise<OpenedSource> {
  // Loaded on first use: most sites read https: or s3:, and need none of Azure's packages.
  const { serviceOf } = await import('./azure-service.js');
  const client = serviceOf(uri, account).getContainerClient(container).getBlobClient(path);
  try {
    const reply = await client.download(offset, undefined, {
      abortSignal: signal,
      ...(etag === undefined ? {} : { conditions: { ifMatch: etag } }),
      // Tries are counted in one place, around the whole download.
      maxRetryRequests: 0,
    });
    const { readableStreamBody: body, contentRange, contentLength } = reply;
    if (!(body instanceof Readable)) throw new FetchError(`${uri}: the store sent no body`, true);
    // It may break off before it is read, when nobody listens yet; the reader is told all the same.
    body.on('error', () => undefined);
    const range = parseContentRange(contentRange);
    return {
      body: Readable.from(unbroken(uri, body)),
      offset: range?.start ?? 0,
      bytes: range === undefined ? contentLength : range.total,
      etag: reply.etag,
    };
  } catch (error) {
    throw refusal(uri, error) ?? error;
  }
}

/** The SDK says of a connection that broke only that data are missing, which is no code that one can tell. */
async function* unbroken(uri: string, body: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) yield chunk as Buffer;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FetchError(`${uri}: the body broke off: ${reason}`, true, { cause: error });
  }
}

/** What the store itself answered, with the hint that the answer calls for. */
function refusal(uri: string, error: unknown): FetchError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (/Authentication|Credential/.test(error.name)) {
    // An identity may be there some seconds after its pod.
    const reason = error.message.replaceAll('\n', '; ');
    return new FetchError(`${uri}: no token could be had: ${reason}`, true, { cause: error });
  }
  if (!('statusCode' in error)) return undefined;
  const { statusCode: status } = error;
  // Without an answer there is none: the connection failed, which its own code tells.
  if (typeof status !== 'number' || error.name !== 'RestError') return undefined;
  if (status === 412 || status === 416) return new SourceChanged(uri, { cause: error });
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const hint = code.startsWith('Authorization')
    ? ': this identity needs the role Storage Blob Data Reader on the container'
    : '';
  return new FetchError(
    `${uri}: the store answered ${status} ${code}${hint}`,
    isPassingStatus(status),
    { cause: error },
  );
}
