import { errors } from '../../errors';

/**
 * Whether a callback may be sent to: it begins with an allowed address, at the end of a segment of its
 * path. What a caller writes decides where this server connects to, so nothing else is.
 *
 * @throws ServingError CALLBACK_REFUSED
 */
export function checkCallback(callback: string, allow: readonly string[] | undefined): void {
  const shown = JSON.stringify(callback);
  if (allow === undefined) {
    throw errors.callbackRefused(shown, 'this server sends no events; set "jobs.webhook"');
  }
  const url = URL.canParse(callback) ? new URL(callback) : undefined;
  if (url === undefined) throw errors.callbackRefused(shown, 'it is no address');
  const isPlain = url.username === '' && url.password === '' && url.hash === '';
  if (!isPlain || /%2f|%5c/i.test(url.pathname)) {
    throw errors.callbackRefused(shown, 'it has a user, a fragment or an encoded slash');
  }
  if (allow.some((prefix) => isBelow(url, new URL(prefix)))) return;
  throw errors.callbackRefused(shown, `it is not below ${allow.join(', ')}`);
}

function isBelow(url: URL, prefix: URL): boolean {
  if (url.origin !== prefix.origin) return false;
  const { pathname } = prefix;
  if (pathname.endsWith('/')) return url.pathname.startsWith(pathname);
  return url.pathname === pathname || url.pathname.startsWith(`${pathname}/`);
}
