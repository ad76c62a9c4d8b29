import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FetchError, SourceChanged } from '../fetch-error';
import { type Source, SourceUriError } from './source';

/**
 * A file on a volume that the pod mounts, or on a laptop's disk: `file:///weights/model.onnx`.
 *
 * @throws SourceUriError for a host or an encoded slash in the URI.
 */
export function fileSource(url: URL): Source {
  const path = pathOf(url);
  return {
    label: url.href,
    async open({ offset, etag: begun }, signal) {
      const found = await stat(path).catch((error: unknown) => {
        throw new FetchError(`${url.href}: ${(error as Error).message}`, false, { cause: error });
      });
      // Reading a pipe or a device would wait for ever.
      if (!found.isFile()) {
        throw new FetchError(
          `${url.href}: expected a regular file, received something else`,
          false,
        );
      }
      const etag = `"${found.ino}-${found.size}-${found.mtimeMs}"`;
      if (offset > found.size || (begun !== undefined && begun !== etag)) {
        throw new SourceChanged(url.href);
      }
      const body = createReadStream(path, { start: offset, signal });
      return { body, offset, bytes: found.size, etag };
    },
  };
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new SourceUriError(
      `expected file:///absolute/path, received "${url.href}" (${(error as Error).message})`,
    );
  }
}
