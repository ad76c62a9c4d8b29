import { fetchSchemes } from '@manara/contract';
import { azureBlobSource } from './azure-blob';
import { fileSource } from './file';
import { httpsSource } from './https';
import { ociSource } from './oci';
import { s3Source } from './s3';
import { type Source, type SourceOptions, SourceUriError } from './source';

/**
 * The source that a URI names.
 *
 * @throws SourceUriError for a scheme outside `fetchSchemes`, and for what the scheme refuses.
 */
export function sourceOf(uri: string, options: SourceOptions): Source {
  // Not URLs: keys and paths may hold `?`, `#` and `%` as they are.
  if (uri.startsWith('s3:')) return s3Source(uri);
  if (uri.startsWith('azblob:')) return azureBlobSource(uri);
  if (uri.startsWith('oci:')) return ociSource(uri, options);
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  switch (url?.protocol) {
    case 'https:':
    case 'http:':
      return httpsSource(url, options);
    case 'file:':
      return fileSource(url);
    default:
      throw new SourceUriError(`expected ${fetchSchemes.join(', ')}, received "${uri}"`);
  }
}
