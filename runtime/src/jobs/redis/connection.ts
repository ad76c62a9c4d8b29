import { createHash } from 'node:crypto';
import type { RedisConfig } from '@manara/contract';
import { ErrorReply, RESP_TYPES, createClient } from '@redis/client';
import { logFields } from '@manara/contract';
import { errors } from '../../errors';
import { passwordIn } from '../../redis/open-redis';
import type { ServerLog } from '../../telemetry/logger';
import { type ScriptName, scripts } from './scripts';

/** Milliseconds between signs of life, and until a silent Redis is taken for lost. */
const pingMillis = 2000;
const silenceMillis = 6000;

/** Milliseconds between tries to connect. */
const reconnectMillis = { least: 50, most: 2000 };

/** Milliseconds until a Redis that must not be used is looked at again. */
const examineMillis = 500;

/** A value that a script gives: what is text comes as bytes. */
export type Reply = Buffer | number | null | readonly Reply[];

/** Runs the scripts on a Redis that may go away and come back. Nothing waits for it meanwhile. */
export class RedisConnection {
  private readonly client;
  private readonly digests = Object.fromEntries(
    Object.entries(scripts).map(([name, text]) => [
      name,
      createHash('sha1').update(text).digest('hex'),
    ]),
  ) as Readonly<Record<ScriptName, string>>;
  /** Why it must not be used, though it is there. */
  private unfit: string | undefined = 'it is not connected yet';
  private wasReady = false;
  private examination: NodeJS.Timeout | undefined;

  constructor(
    { url, username, passwordFile }: RedisConfig,
    private readonly prefix: string,
    private readonly log: ServerLog,
  ) {
    this.client = createClient({
      url,
      ...(username === undefined ? {} : { username }),
      ...(passwordFile === undefined ? {} : { password: passwordIn(passwordFile) }),
      RESP: 2,
      disableOfflineQueue: true,
      pingInterval: pingMillis,
      socket: {
        socketTimeout: silenceMillis,
        connectTimeout: pingMillis,
        reconnectStrategy: (tries) =>
          Math.min(reconnectMillis.most, reconnectMillis.least * 2 ** Math.min(tries, 10)),
      },
      commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
    });
    this.client.on('error', (error: Error) => {
      this.note(error.message);
    });
    this.client.on('ready', () => void this.examine());
    // Tries until it succeeds or is closed.
    this.client.connect().catch(() => undefined);
  }

  /** @throws ServingError JOB_STORE_AWAY or JOB_STORE_FULL. */
  async run(name: ScriptName, args: readonly (string | number | Uint8Array)[]): Promise<Reply> {
    if (this.unfit !== undefined) throw errors.jobStoreAway(this.unfit);
    const words = args.map((arg) => (arg instanceof Uint8Array ? bufferOf(arg) : String(arg)));
    const rest = ['1', `{${this.prefix}}`, ...words];
    try {
      return await this.client.sendCommand<Reply>(['EVALSHA', this.digests[name], ...rest]);
    } catch (error) {
      if (!(error instanceof ErrorReply) || !error.message.startsWith('NOSCRIPT')) {
        throw refusal(error);
      }
    }
    try {
      return await this.client.sendCommand<Reply>(['EVAL', scripts[name], ...rest]);
    } catch (error) {
      throw refusal(error);
    }
  }

  close(): void {
    this.unfit = 'it is closed';
    clearTimeout(this.examination);
    this.client.destroy();
  }

  /** What is acknowledged must be on disk, so that a Redis that keeps nothing is not used. */
  private async examine(): Promise<void> {
    clearTimeout(this.examination);
    try {
      const info = String(await this.client.sendCommand<Reply>(['INFO', 'persistence']));
      const reason = whyUnfit(info);
      if (reason === undefined) {
        this.unfit = undefined;
        this.wasReady = true;
      } else {
        this.note(reason);
      }
    } catch (error) {
      this.note(error instanceof Error ? error.message : String(error));
    }
    // The connection stays as it is while Redis loads, or is told to keep what it has.
    if (this.unfit === undefined || !this.client.isReady) return;
    this.examination = setTimeout(() => void this.examine(), examineMillis).unref();
  }

  private note(reason: string): void {
    if (!this.wasReady && this.unfit === reason) return;
    this.wasReady = false;
    if (this.unfit !== 'it is closed') this.unfit = reason;
    this.log.write('error', 'job_store_failed', 'the Redis of jobs is away', {
      [logFields.error]: reason,
    });
  }
}

/** While Redis loads what it has on disk it says that it keeps nothing there. Seen with Redis 7.0; 2026-11. */
function whyUnfit(info: string): string | undefined {
  if (/^loading:1/m.test(info)) return 'it is loading what it has on disk';
  if (/^aof_enabled:1/m.test(info)) return undefined;
  return 'it keeps nothing on disk; set "appendonly yes" in it';
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** OOM and MISCONF: its memory or its disk is full. Source: Redis, errors of write commands; 2026-11. */
function refusal(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ErrorReply)) return errors.jobStoreAway(message);
  if (/^(OOM|MISCONF)/.test(message)) return errors.jobStoreFull(message);
  if (/^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)/.test(message)) {
    return errors.jobStoreAway(message);
  }
  return error;
}
