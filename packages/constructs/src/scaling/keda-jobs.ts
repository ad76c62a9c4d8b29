import { jobDefaults, jobQueueKey, type RedisConfig } from '@manara/contract';
import { ConstructError } from '../construct-error';
import type { Workload } from '../engines/lowering';
import { derive, hasLate } from '../late/late';
import { secretOf } from '../server/secret-file';
import type { Trigger } from './keda-triggers';

/** Seconds that the jobs in the queue take those replicas that they ask for. */
const drainSeconds = 60;

/** A Redis that servers share their jobs through. */
export function jobsRedis({ endpoint }: Workload): RedisConfig {
  const redis = endpoint.server?.config.jobs?.redis;
  if (redis !== undefined) return redis;
  throw new ConstructError(
    'MANARA_SCALING',
    endpoint.path,
    'autoscaling.on: ScalingMetric.jobs() expected server.config.jobs.redis, the queue that replicas share; received none',
  );
}

/** Name of the object that holds what the queue's Redis asks to know. */
export function jobsAuthenticationName({ endpoint }: Workload): string {
  return `${endpoint.name}-jobs`;
}

/** What KEDA gives that Redis of Secrets, by the name of the parameter. */
export function jobsSecrets(
  workload: Workload,
): readonly { readonly parameter: string; readonly name: string; readonly key: string }[] {
  const { passwordFile, url } = jobsRedis(workload);
  const { trust } = workload.endpoint.server ?? {};
  const of = (parameter: string, file: string | undefined) => {
    const name = file === undefined ? undefined : secretOf(file);
    return name === undefined ? [] : [{ parameter, name, key: file?.split('/').at(-1) ?? '' }];
  };
  return [...of('password', passwordFile), ...(isTls(url) || hasLate(url) ? of('ca', trust) : [])];
}

/**
 * The length of the queue of jobs, which a job leaves when it is over: by it, as many replicas as end all
 * of them within a minute.
 */
export function jobsTrigger(workload: Workload, inferenceMillis: number): Trigger {
  const { endpoint } = workload;
  const redis = jobsRedis(workload);
  const concurrency = endpoint.server?.config.jobs?.concurrency ?? jobDefaults.concurrency;
  const perReplica = Math.floor((concurrency * drainSeconds * 1000) / inferenceMillis);
  const secrets = jobsSecrets(workload);
  return {
    type: 'redis-streams',
    metricType: 'AverageValue',
    metadata: {
      address: derive(`${endpoint.name}-jobs-address`, redis.url, addressOf),
      stream: jobQueueKey(redis.prefix),
      streamLength: String(Math.max(concurrency, perReplica)),
      databaseIndex: derive(`${endpoint.name}-jobs-database`, redis.url, databaseOf),
      enableTLS: derive(`${endpoint.name}-jobs-tls`, redis.url, (url) => String(isTls(url))),
      ...(redis.username === undefined ? {} : { username: redis.username }),
    },
    ...(secrets.length === 0
      ? {}
      : { authenticationRef: { name: jobsAuthenticationName(workload) } }),
  };
}

function isTls(url: string): boolean {
  return url.startsWith('rediss:');
}

/** `host:port` of `redis://host:port/db`. */
function addressOf(url: string): string {
  const authority = /^rediss?:\/\/([^/]+)/.exec(url)?.[1] ?? url;
  return /:\d+$/.test(authority) ? authority : `${authority}:6379`;
}

function databaseOf(url: string): string {
  return /^rediss?:\/\/[^/]+\/(\d+)$/.exec(url)?.[1] ?? '0';
}
