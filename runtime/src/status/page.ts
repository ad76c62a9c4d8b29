import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The status page, and the policy that lets a browser run its own style and script and nothing else. */
export interface StatusPage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** Reads the page: one file, so that it works without a network. */
export function readStatusPage(): StatusPage {
  const html = readFileSync(join(__dirname, '..', '..', '..', 'assets', 'status.html'), 'utf8');
  const hashes = (element: string): string =>
    [...html.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, 'g'))]
      .map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
      .join(' ');
  const contentSecurityPolicy = [
    "default-src 'none'",
    `style-src ${hashes('style')}`,
    `script-src ${hashes('script')}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, contentSecurityPolicy };
}
