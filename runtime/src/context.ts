import type { Gate } from './access/gate';
import type { Explainer } from './explain/explainer';
import type { IdempotencyGuard } from './idempotency/guard';
import type { InferencePipeline } from './infer';
import type { BatchPlaces } from './jobs/batch/files';
import type { Jobs } from './jobs/jobs';
import type { ByteBudget } from './limits/byte-budget';
import type { OfferedApi } from './openapi/offered';
import type { ModelControl } from './repository/control';
import type { LoadedVersion } from './repository/loaded-version';
import type { ModelRepository } from './repository/repository';
import type { Seeing } from './seeing/seeing';
import type { ServerLog } from './telemetry/logger';
import type { RequestObserver } from './telemetry/observer';
import type { Variants } from './variants/variants';

/** What both front ends, REST and gRPC, answer from. */
export interface ServerContext {
  readonly repository: ModelRepository;
  readonly pipeline: InferencePipeline;
  readonly explainer: Explainer;
  readonly control: ModelControl;
  /** `undefined` where the server keeps none. */
  readonly jobs: Jobs | undefined;
  /** Where batch jobs find their files; `undefined` where the server runs none. */
  readonly batches: BatchPlaces | undefined;
  /** `undefined` where no model has variants. */
  readonly variants: Variants | undefined;
  /** Models that may answer in place of one; `undefined` where nothing may. */
  readonly standIns: (model: string) => readonly LoadedVersion[] | undefined;
  readonly idempotency: IdempotencyGuard;
  readonly observer: RequestObserver;
  readonly seeing: Seeing;
  /** Whether the routes of administration answer. */
  readonly admin: boolean;
  /** Threads that one inference uses. */
  readonly intraOpThreads: number;
  /** What the document of the API says of this server's configuration. */
  readonly offered: OfferedApi;
  readonly log: ServerLog;
  /** What every request passes before anything is done for it. */
  readonly gate: Gate;
  /** Greatest size of a request's body, in bytes. */
  readonly maxRequestBytes: number;
  /** Requests and answers that may be under way at once. */
  readonly bodies: ByteBudget;
  /** Connections that each front end may have at once. */
  readonly maxConnections: number;
  /** Whether the server as a whole is ready for requests. */
  readonly isReady: () => boolean;
  /** Whether the server is on its way out: connections are to be given up. */
  readonly isDraining: () => boolean;
}
