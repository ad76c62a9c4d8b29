import { type AccessConfig, logFields, type LimitsConfig, type Verb } from '@manara/contract';
import type { ServingError } from '../errors';
import type { RunStep } from '../infer';
import type { LineSink } from '../telemetry/log-destination';
import type { ServerLog } from '../telemetry/logger';
import type { ServerMetrics } from '../telemetry/metrics';
import type { RefusalLog } from '../telemetry/refusal-log';
import { AuditFile } from './audit-file';
import { AuditLog } from './audit';
import { type Follow, FollowedFiles } from './followed-files';
import { type Gate, GuardedGate, openGate } from './gate';
import { guardStep } from './guard-step';
import type { Counter } from './limits/counter';
import { Limiter } from './limits/limiter';
import { LocalCounter } from './limits/local-counter';
import { RedisCounter } from './limits/redis-counter';
import { openIdentity } from './open-identity';
import { Resources } from './resources';
import { Rules } from './rules';
import { ServerTls } from './server-tls';

/** Milliseconds between looks at files that are followed. */
const defaultFollowMillis = 5_000;

export interface AccessSurroundings {
  readonly log: ServerLog;
  readonly metrics: ServerMetrics;
  readonly refusals: RefusalLog;
  /** Where audit lines go that have no file of their own. */
  readonly output: LineSink;
  /** The version that answers where none is named; `undefined` where the model is not there. */
  readonly defaultVersion: (model: string) => number | undefined;
  /** Milliseconds between looks at files that are followed. @default 5000 */
  readonly followMillis?: number | undefined;
}

/** All that decides who may use the server. */
export interface Access {
  readonly gate: Gate;
  /** @default - connections are not encrypted */
  readonly tls: ServerTls | undefined;
  /** Steps of every inference, in front of all others. */
  readonly steps: readonly RunStep[];
  close(): Promise<void>;
}

/** @throws ConfigurationError where a file that the configuration names cannot be used. */
export async function openAccess(
  config: AccessConfig,
  around: AccessSurroundings,
): Promise<Access> {
  const resources = new Resources();
  try {
    return await open(config, around, resources);
  } catch (error) {
    await resources.close();
    throw error;
  }
}

async function open(
  config: AccessConfig,
  around: AccessSurroundings,
  resources: Resources,
): Promise<Access> {
  const { log, metrics, refusals, defaultVersion } = around;
  const { identity, rules = [], limits, audit } = config;
  const follow = following(around, resources);
  // Looked up only where it matters: it is asked for with every request.
  const byVersion = rules.some(({ versions }) => versions !== undefined);
  const tls = config.tls && new ServerTls(config.tls, follow);
  const close = (): Promise<void> => resources.close();
  if (identity === undefined && audit === undefined)
    return { gate: openGate, tls, steps: [], close };
  const limiter = new Limiter(resources.keep(await openCounter(limits, log)));
  const file = audit?.file === undefined ? undefined : await AuditFile.open(audit.file);
  if (file !== undefined) resources.keep(file);
  const auditLog = new AuditLog(file ?? around.output, (reason) => {
    log.write('error', 'audit_failed', `an audit line was not written: ${reason}`);
  });
  const refused = ({ code }: ServingError, verb: Verb): void => {
    metrics.accessRefused(code, verb);
  };
  const gate = new GuardedGate({
    identity:
      identity &&
      (await openIdentity(identity, {
        rules: new Rules(rules),
        follow,
        resources,
        keysFailed: (issuer, reason) => {
          log.write('warn', 'keys_unavailable', `keys of issuer "${issuer}": ${reason}`);
        },
      })),
    limiter,
    audit: auditLog,
    openMetrics: identity === undefined || identity.openMetrics === true,
    defaultVersion: byVersion ? defaultVersion : (): undefined => undefined,
    refused,
    stopped: (error, { protocol, verb }) => {
      refusals.write(error, {
        [logFields.protocol]: protocol,
        [logFields.verb]: verb,
        [logFields.status]: error.httpStatus,
      });
    },
  });
  const byRows = rules.some(({ limit }) => limit?.rowsPerSecond !== undefined);
  const guard = guardStep({
    gate,
    limiter,
    limited: (error) => {
      refused(error, 'infer');
    },
  });
  return { gate, tls, steps: byVersion || byRows ? [guard] : [], close };
}

function following({ log, followMillis }: AccessSurroundings, resources: Resources): Follow {
  const news = {
    reloaded: (what: string): void => {
      log.write('info', 'files_reloaded', `${what}: taken anew`);
    },
    refused: (what: string, reason: string): void => {
      log.write('error', 'files_refused', `${what}: what was there before stays in use: ${reason}`);
    },
  };
  return (what, paths, apply) => {
    const every = followMillis ?? defaultFollowMillis;
    resources.keep(new FollowedFiles({ what, paths, apply }, news, every));
  };
}

function openCounter(limits: LimitsConfig | undefined, log: ServerLog): Promise<Counter> | Counter {
  if (limits?.redis === undefined) return new LocalCounter();
  return RedisCounter.open(limits.redis, (isShared, reason) => {
    if (isShared) log.write('info', 'limits_shared', 'limits are counted in Redis');
    else log.write('warn', 'limits_local', `limits are counted here alone: Redis: ${reason}`);
  });
}
