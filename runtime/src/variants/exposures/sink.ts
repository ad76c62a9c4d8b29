import { createWriteStream, type WriteStream } from 'node:fs';
import type { VariantsConfig } from '@manara/contract';
import type { ServerLog } from '../../telemetry/logger';
import type { EventSink } from './event-sink';
import { HttpSink } from './http-sink';

/** @param dropped - told how many events were lost, and why. */
export function openSink(
  { file, url }: NonNullable<VariantsConfig['exposures']>,
  log: ServerLog,
  dropped: (count: number, reason: string) => void,
): EventSink {
  if (file !== undefined) return new FileSink(file, dropped);
  if (url !== undefined) return new HttpSink(url, dropped);
  return {
    write: (cloudevent) => {
      log.write('info', 'variant_event', 'a variant was given, or an outcome told', { cloudevent });
    },
    close: () => Promise.resolve(),
  };
}

/** Bytes that may wait for the disk. */
const maxWaitingBytes = 1024 * 1024;

/** Events as lines of a file. */
class FileSink implements EventSink {
  private readonly stream: WriteStream;

  constructor(
    file: string,
    private readonly dropped: (count: number, reason: string) => void,
  ) {
    this.stream = createWriteStream(file, { flags: 'a' });
    this.stream.on('error', ({ message }) => {
      dropped(0, message);
    });
  }

  write(event: string): void {
    const { stream } = this;
    if (stream.errored !== null) this.dropped(1, stream.errored.message);
    else if (stream.writableLength > maxWaitingBytes) this.dropped(1, 'the disk is too slow');
    else stream.write(`${event}\n`);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.stream.errored !== null) resolve();
      else
        this.stream.end(() => {
          resolve();
        });
    });
  }
}
