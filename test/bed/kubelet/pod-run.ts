import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Child } from '../../support/child';
import type { ApiServer } from '../api-server';
import type { Container, Pod } from './pod';
import { playsReady, type PlayState, podStatus } from './pod-status';
import { probeRepeatedly } from './probe';
import type { Played, Programs } from './program';

export interface PodRunProps {
  readonly api: ApiServer;
  readonly ip: string;
  readonly programs: Programs;
  /** Of this pod alone; it goes with the pod. */
  readonly folder: string;
  readonly logFile: string;
}

/** Longest time between two starts of a program that keeps ending, as of a real kubelet. */
const longestBackoffMillis = 300_000;

/** A pod from its start on a node to its end. */
export class PodRun {
  private readonly startTime = now();
  private state: PlayState = { waiting: 'ContainerCreating' };
  private restarts = 0;
  private ready = false;
  private started = false;
  private readyChanged = { to: false, at: this.startTime };
  private child: Child | undefined;
  /** Aborted when the pod shall end. */
  private readonly ending = new AbortController();
  private readonly running: Promise<void>;
  private publishing: Promise<void> = Promise.resolve();
  private end: Promise<void> | undefined;

  constructor(
    private readonly pod: Pod,
    private readonly props: PodRunProps,
  ) {
    mkdirSync(props.folder, { recursive: true });
    const played = props.programs.of(pod);
    this.running = played === undefined ? this.simulate() : this.play(played);
  }

  /** Of the process that plays it. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Ends it as its deletion asks for: SIGTERM, the grace period, SIGKILL. Repeated calls do nothing. */
  delete({ metadata, spec }: Pod): Promise<void> {
    const { deletionGracePeriodSeconds, namespace, name, uid } = metadata;
    const seconds = deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
    this.end ??= this.stop(seconds * 1000).then(async () => {
      await this.props.api
        .request('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}`, {
          gracePeriodSeconds: 0,
          preconditions: { uid },
        })
        .catch(() => undefined);
    });
    return this.end;
  }

  /** Ends the process. The API server is told nothing. */
  async stop(graceMillis: number): Promise<void> {
    const sleeps = this.pod.spec.containers.map(
      ({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0,
    );
    const sleepMillis = Math.min(Math.max(...sleeps) * 1000, graceMillis);
    this.ending.abort();
    if (sleepMillis > 0) await delay(sleepMillis);
    await this.child?.stop('SIGTERM', graceMillis - sleepMillis);
    await this.running;
    await this.publishing;
    rmSync(this.props.folder, { recursive: true, force: true });
  }

  private isEnding(): boolean {
    return this.ending.signal.aborted;
  }

  private simulate(): Promise<void> {
    const isTask = this.pod.spec.restartPolicy !== 'Always';
    const at = now();
    this.started = this.ready = true;
    this.enter(isTask ? { exitCode: 0, startedAt: at, finishedAt: at } : { runningSince: at });
    return Promise.resolve();
  }

  private async play(played: Played): Promise<void> {
    const { spec } = this.pod;
    while (!this.isEnding()) {
      const startedAt = now();
      const exitCode = await this.playOnce(played).catch((error: unknown) => {
        this.enter({ waiting: 'CreateContainerError', message: String(error) });
        return 1;
      });
      this.ready = this.started = false;
      if (this.isEnding()) return;
      if (
        spec.restartPolicy === 'Never' ||
        (spec.restartPolicy === 'OnFailure' && exitCode === 0)
      ) {
        this.enter({ exitCode, startedAt, finishedAt: now() });
        return;
      }
      if ('runningSince' in this.state) this.enter({ waiting: 'CrashLoopBackOff' });
      // The first time at once, as a real kubelet does; then later and later.
      const backoff = this.restarts === 0 ? 0 : 10_000 * 2 ** (this.restarts - 1);
      this.restarts++;
      await pause(Math.min(backoff, longestBackoffMillis), this.ending.signal);
    }
  }

  private async playOnce({ container, program }: Played): Promise<number> {
    const { api, ip, folder, logFile } = this.props;
    const { command, args, env } = await program({ pod: this.pod, container, ip, folder, api });
    if (this.isEnding()) return 0;
    const name = `pod ${this.pod.metadata.namespace}/${this.pod.metadata.name}`;
    const child = Child.start(name, command, args, { logFile, env: { ...process.env, ...env } });
    this.child = child;
    this.enter({ runningSince: now() });
    const probes = new AbortController();
    const stop = (): void => {
      probes.abort();
    };
    this.ending.signal.addEventListener('abort', stop);
    this.probe(container, child, probes.signal);
    const signal = await child.ending();
    this.ending.signal.removeEventListener('abort', stop);
    stop();
    return child.exitCode ?? (signal === 'SIGKILL' ? 137 : 143);
  }

  private probe(container: Container, child: Child, signal: AbortSignal): void {
    const { startupProbe, readinessProbe, livenessProbe } = container;
    const { ip } = this.props;
    const kill = (passes: boolean): void => {
      if (!passes) void child.stop();
    };
    const begin = (): void => {
      this.started = true;
      if (readinessProbe === undefined) this.becomeReady(true);
      else {
        const onVerdict = this.becomeReady.bind(this);
        void probeRepeatedly(container, readinessProbe, ip, onVerdict, signal);
      }
      if (livenessProbe !== undefined) {
        void probeRepeatedly(container, livenessProbe, ip, kill, signal);
      }
    };
    if (startupProbe === undefined) {
      begin();
      return;
    }
    const startup = new AbortController();
    signal.addEventListener('abort', () => {
      startup.abort();
    });
    const onStartup = (passes: boolean): void => {
      startup.abort();
      if (passes) begin();
      else kill(false);
    };
    void probeRepeatedly(container, startupProbe, ip, onStartup, startup.signal);
  }

  private becomeReady(ready: boolean): void {
    this.ready = ready;
    this.publish();
  }

  private enter(state: PlayState): void {
    this.state = state;
    this.publish();
  }

  /** One write after another, each of what holds by then. */
  private publish(): void {
    const to = playsReady({ state: this.state, ready: this.ready });
    if (to !== this.readyChanged.to) this.readyChanged = { to, at: now() };
    this.publishing = this.publishing.then(async () => {
      const { pod, state, restarts, ready, started, startTime } = this;
      const { namespace, name, uid } = pod.metadata;
      const { api, ip } = this.props;
      const readyChangedAt = this.readyChanged.at;
      const play = { ip, startTime, state, restarts, ready, started, readyChangedAt };
      const status = podStatus(pod, play);
      await api
        .request(
          'PATCH',
          `/api/v1/namespaces/${namespace}/pods/${name}/status`,
          { metadata: { uid }, status },
          'application/strategic-merge-patch+json',
        )
        .catch(() => undefined);
    });
  }
}

async function pause(millis: number, signal: AbortSignal): Promise<void> {
  await delay(millis, undefined, { signal }).catch(() => undefined);
}

function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
