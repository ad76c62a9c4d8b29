import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServer } from '../api-server';
import { watch } from '../watch';
import { PodAddresses } from './addresses';
import { createNode, leaseMillis, type NodeDescription, renewLease } from './nodes';
import type { Pod } from './pod';
import { PodRun } from './pod-run';
import type { Programs } from './program';

export interface KubeletProps {
  readonly api: ApiServer;
  /** Where the pods' folders and logs are. */
  readonly folder: string;
  readonly nodes: readonly NodeDescription[];
  readonly programs: Programs;
}

/** Time that the processes get to end when the bed stops. */
const stopMillis = 3_000;

/**
 * The kubelet of some nodes, whose pods are processes on this machine: each has an address of its own
 * out of 10.244.0.0/16, is ready when its probe says so, and gets SIGTERM and its grace period when it is
 * deleted. One process plays all containers of a pod; init containers are taken for done.
 */
export class Kubelet {
  private readonly seen = new Map<string, Pod>();
  private readonly runs = new Map<string, PodRun>();
  private readonly addresses = new PodAddresses();
  private readonly nodes: ReadonlySet<string>;
  private readonly stopping = new AbortController();
  private readonly watching: Promise<void>;
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(private readonly props: KubeletProps) {
    const { api, folder, nodes } = props;
    mkdirSync(join(folder, 'logs'), { recursive: true });
    this.nodes = new Set(nodes.map(({ name }) => name));
    this.heartbeat = setInterval(() => {
      // One that is missed is made up for by the next.
      for (const node of this.nodes) renewLease(api, node).catch(() => undefined);
    }, leaseMillis);
    this.watching = watch<Pod>(
      api,
      '/api/v1/pods',
      {
        onChange: (pod) => {
          this.follow(pod);
        },
        onGone: ({ metadata: { uid } }) => {
          this.seen.delete(uid);
          void this.runs.get(uid)?.stop(0);
          this.runs.delete(uid);
        },
      },
      this.stopping.signal,
    );
  }

  /** Makes the nodes and runs what is scheduled to them. */
  static async start(props: KubeletProps): Promise<Kubelet> {
    for (const node of props.nodes) await createNode(props.api, node);
    return new Kubelet(props);
  }

  /** Pods of these nodes, as the API server has them. */
  get pods(): readonly Pod[] {
    return [...this.seen.values()];
  }

  /** The process that plays a pod, to do it harm; `undefined` for one that is simulated or not started. */
  pidOf({ metadata: { uid } }: Pod): number | undefined {
    return this.runs.get(uid)?.pid;
  }

  /** What the process of a pod has written, also after its end. */
  logOf(pod: Pod): string {
    return readFileSync(this.logFile(pod), 'utf8');
  }

  async stop(): Promise<void> {
    clearInterval(this.heartbeat);
    this.stopping.abort();
    await this.watching;
    await Promise.all([...this.runs.values()].map((run) => run.stop(stopMillis)));
  }

  private follow(pod: Pod): void {
    const { nodeName = '' } = pod.spec;
    const { uid, deletionTimestamp } = pod.metadata;
    if (!this.nodes.has(nodeName)) return;
    this.seen.set(uid, pod);
    const isDone = ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '');
    if (!this.runs.has(uid) && !(isDone && deletionTimestamp === undefined)) {
      this.runs.set(uid, this.run(pod));
    }
    if (deletionTimestamp !== undefined) void this.runs.get(uid)?.delete(pod);
  }

  private run(pod: Pod): PodRun {
    const { api, folder, programs } = this.props;
    return new PodRun(pod, {
      api,
      programs,
      ip: this.addresses.next(),
      folder: join(folder, 'pods', pod.metadata.uid),
      logFile: this.logFile(pod),
    });
  }

  private logFile({ metadata: { namespace, name } }: Pod): string {
    return join(this.props.folder, 'logs', `${namespace}_${name}.log`);
  }
}
