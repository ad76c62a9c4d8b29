import { quantile } from '../../table';
import { treeCpuMicros } from '../process-tree';
import type { LoadJob, LoadResult } from './job';

/** After this a server that hardly answers is taken as it is. */
const longestSeconds = 30;

/** Counts answers between the end of the warm-up and the end of the job. */
export class Recorder {
  private readonly millis: number[] = [];
  private startedAt = Infinity;
  private cpuBefore = 0;
  private over = false;

  constructor(private readonly job: LoadJob) {}

  /** Whether another request is to be sent. */
  get open(): boolean {
    return !this.over;
  }

  answered(sentAt: number): void {
    const now = performance.now();
    if (!this.over && now >= this.startedAt) this.millis.push(now - sentAt);
  }

  /** Waits for the job's time to pass. The connections are busy before it is called and after. */
  async measure(): Promise<LoadResult> {
    await pause(this.job.warmupSeconds);
    this.cpuBefore = treeCpuMicros(this.job.serverPid);
    this.startedAt = performance.now();
    await pause(this.job.seconds);
    // Some servers answer in waves of all that is in flight: one wave says nothing about their rate.
    const enough = this.job.concurrency * 2;
    for (let more = 0; this.millis.length < enough && more < longestSeconds; more += 0.1) {
      await pause(0.1);
    }
    const seconds = (performance.now() - this.startedAt) / 1000;
    this.over = true;
    const serverCpuMicros = treeCpuMicros(this.job.serverPid) - this.cpuBefore;
    if (this.millis.length === 0) throw new Error(`no answer within ${seconds.toFixed(1)} s`);
    return {
      requests: this.millis.length,
      seconds,
      serverCpuMicros,
      p50Millis: quantile(this.millis, 0.5),
      p99Millis: quantile(this.millis, 0.99),
    };
  }
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}
