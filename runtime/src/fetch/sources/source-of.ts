import { fetchSchemes } from '@manara/contract';
import { fileSource } from './file';
import { httpsSource } from './https';
import { s3Source } from './s3';
import { type Source, SourceUriError } from './source';

/**
 * The source that a URI names.
 *
 * @throws SourceUriError for a scheme outside `fetchSchemes`, and for what the scheme refuses.
 */
export function sourceOf(uri: string): Source {
  if (uri.startsWith('s3:')) return s3Source(uri);
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  switch (url?.protocol) {
    case 'https:':
    case 'http:':
      return httpsSource(url);
    case 'file:':
      return fileSource(url);
    default:
      throw new SourceUriError(`expected ${fetchSchemes.join(', ')}, received "${uri}"`);
  }
}
