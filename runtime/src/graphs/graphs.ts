import { logFields } from '@manara/contract';
import { probe, type Probed, type ProbeOptions } from '../engine/probe';
import { probeOnce } from '../engine/probe-memory';
import type { ServerLog } from '../telemetry/logger';
import type { GraphFolder } from './graph-folder';
import { graphKey } from './graph-key';

/** A version's file on its way into the engine. */
export interface GraphSubject {
  readonly model: string;
  readonly version: number;
  readonly file: string;
  /** Digest of the file. */
  readonly sha256: string;
  /** Whether the file is still the one that the digest is of. */
  readonly isUnchanged: () => Promise<boolean>;
}

/** What a probe found, and the graph to be loaded in the file's place, which is what it probed. */
export interface ProbedWithGraph {
  readonly probed: Probed;
  readonly graph: string | undefined;
}

/** Spares the engine the optimization of models that it, here or in another server, optimized before. */
export class OptimizedGraphs {
  constructor(
    private readonly folder: GraphFolder,
    private readonly log: ServerLog,
  ) {}

  /**
   * Probes a file by its optimized graph, which is written where there is none. Whatever goes wrong
   * with that, the file itself is probed.
   *
   * @throws Error saying why the file cannot be served.
   */
  async probe(subject: GraphSubject, options: ProbeOptions): Promise<ProbedWithGraph> {
    const key = graphKey(subject.sha256);
    try {
      return (
        (await this.probeKept(subject, key, options)) ?? (await this.make(subject, key, options))
      );
    } catch (error) {
      // Where the fault is the file's own, this says so.
      const probed = await probeOnce(subject.file, options);
      this.log.write('warn', 'graph_ignored', 'a version is served without its optimized graph', {
        [logFields.model]: subject.model,
        [logFields.version]: subject.version,
        [logFields.error]: error instanceof Error ? error.message : String(error),
      });
      return { probed, graph: undefined };
    }
  }

  private async probeKept(
    { file }: GraphSubject,
    key: string,
    options: ProbeOptions,
  ): Promise<ProbedWithGraph | undefined> {
    const path = await this.folder.find(key, options.signal);
    if (path === undefined) return undefined;
    try {
      const graph = { path, isNew: false };
      return { probed: await probeOnce(file, { ...options, graph }), graph: path };
    } catch (error) {
      // Its digest is right, and yet it does not run: the next start makes another.
      if (options.signal?.aborted !== true) await this.folder.remove(path);
      throw error;
    }
  }

  private async make(
    { file, isUnchanged }: GraphSubject,
    key: string,
    options: ProbeOptions,
  ): Promise<ProbedWithGraph> {
    const path = await this.folder.draft(key);
    try {
      const probed = await probe(file, { ...options, graph: { path, isNew: true } });
      // The graph of another file must not be kept under this one's digest.
      if (!(await isUnchanged())) throw new Error('the file was changed meanwhile');
      return { probed, graph: await this.folder.keep(path, key) };
    } finally {
      await this.folder.remove(path);
    }
  }
}
