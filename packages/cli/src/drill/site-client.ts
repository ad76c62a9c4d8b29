import { stripVTControlCharacters } from 'node:util';
import { path, routes } from '@manara/contract';
import { messageOf } from '../cli-error';

/** What came back, if anything did. */
export type Reply =
  | { readonly answered: true; readonly status: number; readonly text: string }
  | { readonly answered: false; readonly why: string };

export interface ClientLimits {
  /** Milliseconds for one request, its answer included. */
  readonly millis: number;
  /** Bytes of one answer. */
  readonly bytes: number;
}

export const clientLimits: ClientLimits = { millis: 10_000, bytes: 64 * 1024 * 1024 };

/** The inference protocol's REST at one address. Never throws: that nobody answers is a finding. */
export class SiteClient {
  constructor(
    /** Base address, without a slash at its end. */
    readonly address: string,
    private readonly limits: ClientLimits = clientLimits,
  ) {}

  serverReady(): Promise<Reply> {
    return this.ask(path(routes.serverReady));
  }

  versionReady(model: string, version: number): Promise<Reply> {
    return this.ask(path(routes.modelVersionReady, { model, version }));
  }

  metadata(model: string, version: number): Promise<Reply> {
    return this.ask(path(routes.modelVersionMetadata, { model, version }));
  }

  /** @param version the default one's answer where it is left out, as callers mostly ask */
  infer(model: string, body: string, version?: number): Promise<Reply> {
    const route =
      version === undefined
        ? path(routes.modelInfer, { model })
        : path(routes.modelVersionInfer, { model, version });
    return this.ask(route, body);
  }

  private async ask(route: string, body?: string): Promise<Reply> {
    const { millis } = this.limits;
    const signal = AbortSignal.timeout(millis);
    try {
      const response = await fetch(`${this.address}${route}`, {
        signal,
        // An answer from elsewhere would not be this site's.
        redirect: 'manual',
        // A connection that is kept would outlive the change of a name, and hide the end of a site.
        headers: { connection: 'close', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { method: 'POST', body }),
      });
      return { answered: true, status: response.status, text: await this.read(response) };
    } catch (error) {
      return { answered: false, why: signal.aborted ? `no answer in ${millis} ms` : reason(error) };
    }
  }

  private async read({ body }: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > this.limits.bytes) {
        throw new Error(`answered with more than ${this.limits.bytes} bytes`);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}

/** Why a reply is not the answer that was asked for; `undefined` where it is. */
export function failureOf(reply: Reply): string | undefined {
  if (!reply.answered) return reply.why;
  if (reply.status === 200) return undefined;
  return `answered ${reply.status}: ${excerpt(reply.text)}`;
}

/** `fetch failed` says nothing; the cause does, and of several addresses only a code is left. */
function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
  const message = messageOf(cause);
  return message === '' ? code : excerpt(message);
}

const longestExcerpt = 160;

/** What others wrote, fit for one line of a terminal. */
export function excerpt(text: string): string {
  const plain = stripVTControlCharacters(errorIn(text))
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  if (plain === '') return 'nothing';
  return plain.length > longestExcerpt ? `${plain.slice(0, longestExcerpt)}…` : plain;
}

/** The protocol's errors are `{"error": "…"}`. */
function errorIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { readonly error?: unknown };
    return typeof error === 'string' ? error : text;
  } catch {
    return text;
  }
}
