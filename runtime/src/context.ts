import type { InferencePipeline } from './infer';
import type { ModelControl } from './repository/control';
import type { ModelRepository } from './repository/repository';
import type { Seeing } from './seeing/seeing';
import type { ServerLog } from './telemetry/logger';
import type { RequestObserver } from './telemetry/observer';

/** What both front ends, REST and gRPC, answer from. */
export interface ServerContext {
  readonly repository: ModelRepository;
  readonly pipeline: InferencePipeline;
  readonly control: ModelControl;
  readonly observer: RequestObserver;
  readonly seeing: Seeing;
  /** Whether the routes of administration answer. */
  readonly admin: boolean;
  /** Threads that one inference uses. */
  readonly intraOpThreads: number;
  readonly log: ServerLog;
  /** Greatest size of a request's body, in bytes. */
  readonly maxRequestBytes: number;
  /** Whether the server as a whole is ready for requests. */
  readonly isReady: () => boolean;
  /** Whether the server is on its way out: connections are to be given up. */
  readonly isDraining: () => boolean;
}
