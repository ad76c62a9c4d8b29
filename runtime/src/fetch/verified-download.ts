import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { FetchError, SourceChanged, toFetchError } from './fetch-error';
import { PartialFile } from './partial-file';
import type { Source } from './sources/source';

export interface Download {
  readonly source: Source;
  /** Lower-case hexadecimal SHA-256 that the whole file must have. */
  readonly sha256: string;
  /** Folder that the bytes are gathered in; created where it is missing. */
  readonly folder: string;
  /** A source that sends nothing for this long has failed. */
  readonly stallMillis: number;
  readonly onResume: (offset: number) => void;
  readonly onBytes: (received: number, announced: number | undefined) => void;
}

/** Longer than a living process leaves its file alone: its tries end, and their pauses are short. */
const abandonedStalls = 3;

/**
 * Gathers the source's bytes in a file of the folder, going on where an earlier run or try ended, and
 * checks the digest.
 *
 * @returns the whole file, to be moved to where it belongs
 * @throws FetchError naming the URI; what came so far is kept for the next try, unless it is wrong
 */
export async function download(task: Download, signal: AbortSignal): Promise<PartialFile> {
  const { source, sha256, folder, stallMillis } = task;
  let partial: PartialFile | undefined;
  try {
    partial = await PartialFile.claim(folder, sha256, stallMillis * abandonedStalls);
    const received = await gather(task, partial, signal);
    if (received.sha256 === sha256) return partial;
    await partial.discard();
    // The beginning may have been of another content: only a file that came in one piece is its source's.
    if (received.resumed) throw new SourceChanged(source.label);
    throw wrongDigest(task, received.sha256);
  } catch (error) {
    if (error instanceof SourceChanged) await partial?.discard();
    signal.throwIfAborted();
    throw toFetchError(source.label, error);
  }
}

function wrongDigest({ source, sha256 }: Download, received: string): FetchError {
  return new FetchError(
    `${source.label}: expected SHA-256 ${sha256}, received ${received}; publish the file that was described, or describe the one that is published`,
    false,
  );
}

interface Received {
  readonly sha256: string;
  /** Whether some of it was there before. */
  readonly resumed: boolean;
}

/** Completes the file; gives the SHA-256 of all of it. */
async function gather(
  task: Download,
  partial: PartialFile,
  signal: AbortSignal,
): Promise<Received> {
  const { source } = task;
  let hash = createHash('sha256');
  let there = await partial.read(hash, signal);
  if (there > 0 && hash.copy().digest('hex') === task.sha256) {
    return { sha256: task.sha256, resumed: true };
  }
  const stall = stallGuard(source.label, task.stallMillis);
  const either = AbortSignal.any([signal, stall.signal]);
  try {
    const etag = there === 0 ? undefined : await partial.etagOf(source.label);
    const opened = await source.open({ offset: there, etag }, either);
    if (opened.sha256 !== undefined && opened.sha256 !== task.sha256) {
      opened.body.destroy();
      throw wrongDigest(task, opened.sha256);
    }
    if (opened.offset === 0) hash = createHash('sha256');
    else task.onResume(opened.offset);
    there = opened.offset;
    // Nothing is awaited between here and the opening: nobody would hear the body's errors.
    await pipeline(
      opened.body,
      async function* (chunks: AsyncIterable<Buffer>) {
        if (opened.offset === 0) await partial.note(source.label, opened.etag);
        for await (const chunk of chunks) {
          stall.alive();
          hash.update(chunk);
          there += chunk.length;
          task.onBytes(there, opened.bytes);
          yield chunk;
        }
      },
      partial.writer(opened.offset),
      { signal: either },
    );
    return { sha256: hash.digest('hex'), resumed: opened.offset > 0 };
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
