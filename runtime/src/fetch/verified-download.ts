import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FetchError, toFetchError } from './fetch-error';
import type { Source } from './sources/source';

export interface Download {
  readonly source: Source;
  /** Lower-case hexadecimal SHA-256 that the received bytes must have. */
  readonly sha256: string;
  /** Path of the file; its folder is created where it is missing. */
  readonly destination: string;
  /** A source that sends nothing for this long has failed. */
  readonly stallMillis: number;
  readonly onBytes: (received: number, announced: number | undefined) => void;
}

/**
 * Streams the source to a temporary file beside the destination, checks the digest, and renames:
 * whoever looks at the destination sees the old file, the whole new one or none.
 *
 * @throws FetchError naming the URI; the temporary file is gone by then.
 */
export async function download(task: Download, signal: AbortSignal): Promise<void> {
  const temporary = temporaryFor(task.destination);
  try {
    await mkdir(dirname(task.destination), { recursive: true });
    const received = await stream(task, temporary, signal);
    if (received !== task.sha256) {
      throw new FetchError(
        `${task.source.label}: expected SHA-256 ${task.sha256}, received ${received}; publish the file that was described, or describe the one that is published`,
        false,
      );
    }
    await rename(temporary, task.destination);
  } catch (error) {
    await rm(temporary, { force: true });
    signal.throwIfAborted();
    throw toFetchError(task.source.label, error);
  }
}

/** Writes the source to `path`; gives the SHA-256 of what came. */
async function stream(task: Download, path: string, signal: AbortSignal): Promise<string> {
  const stall = stallGuard(task.source.label, task.stallMillis);
  const either = AbortSignal.any([signal, stall.signal]);
  const hash = createHash('sha256');
  let received = 0;
  try {
    const { body, bytes } = await task.source.open(either);
    await pipeline(
      body,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          stall.alive();
          hash.update(chunk);
          received += chunk.length;
          task.onBytes(received, bytes);
          yield chunk;
        }
      },
      // Flushed before the rename, or a power cut could leave a whole name on half a file.
      createWriteStream(path, { flush: true }),
      { signal: either },
    );
    return hash.digest('hex');
  } catch (error) {
    throw stall.signal.aborted ? stall.signal.reason : error;
  } finally {
    stall.stop();
  }
}

/** A signal that fires when nobody calls `alive` for a while. */
function stallGuard(label: string, millis: number) {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new FetchError(`${label}: no byte came for ${millis} ms`, true));
  }, millis);
  return {
    signal: controller.signal,
    alive: () => timer.refresh(),
    stop: () => {
      clearTimeout(timer);
    },
  };
}

/**
 * In a pod the host is the pod's name and the process is always the same number: a restarted
 * container overwrites what a killed one left, and two pods on a shared volume do not meet.
 */
function temporaryFor(destination: string): string {
  const name = `.${basename(destination)}.${hostname()}-${process.pid}.partial`;
  return join(dirname(destination), name);
}

/**
 * SHA-256 of a file, or `undefined` where there is none.
 *
 * @throws FetchError naming the path, where something there cannot be read.
 */
export async function digestOf(path: string, signal: AbortSignal): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash, { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw toFetchError(path, error);
  }
  return hash.digest('hex');
}
