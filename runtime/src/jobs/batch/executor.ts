import { link, stat } from 'node:fs/promises';
import type { ServerContext } from '../../context';
import { errors, ServingError } from '../../errors';
import type { LoadedVersion } from '../../repository/loaded-version';
import type { Job, StoredReply } from '../job';
import type { JobExecutor, JobWork } from '../runner';
import { rowsApart, tableApart } from './apart';
import { ChunkRunner } from './chunk-runner';
import { type BatchPlaces, diskError, publish } from './files';
import { type BatchFormat, mediaType } from './formats';
import type { BatchOptions } from './options';
import type { Resume } from './resume';
import { columnsOf, planRows } from './rows';
import { Spool } from './spool';

/** What a batch job is given besides its model. */
export interface BatchTask {
  readonly options: BatchOptions;
  readonly format: BatchFormat;
  /** Name of an uploaded file, or a path below the input folder. */
  readonly input: { readonly upload: string } | { readonly file: string };
  /** Size and time of change of the input, which must not change under way. */
  readonly state: string;
}

/** Rows of one request to the engine: few, so that callers who wait need not wait long. */
const chunkRows = 64;

/** Milliseconds between borders up to which the work is on disk. */
const borderMillis = 1000;

/** Runs batch jobs, chunk by chunk, and goes on at the last border where it was interrupted. */
export class BatchExecutor implements JobExecutor {
  readonly isResumable = true;
  private readonly files: BatchPlaces['files'];
  private readonly folders: BatchPlaces['folders'];

  constructor(
    private readonly context: Pick<ServerContext, 'gate' | 'pipeline'>,
    { files, folders }: BatchPlaces,
  ) {
    this.files = files;
    this.folders = folders;
  }

  async run(work: JobWork): Promise<StoredReply> {
    const task = work.job.request.options as BatchTask;
    const { input } = task;
    const file =
      'file' in input
        ? await this.folders.input(work.job.caller, input.file)
        : this.files.path(input.upload);
    if ((await stateOf(file)) !== task.state)
      throw errors.batchFile('it has changed since it was ordered');
    try {
      return await this.deliver(work, task, await this.runRows(work, task, file));
    } catch (error) {
      return diskError(error);
    }
  }

  /** Files go once nothing can need them any more: a job whose end is not stored yet runs again. */
  async release({ id, request }: Job, isExpired: boolean): Promise<void> {
    const { input } = request.options as BatchTask;
    const kinds: readonly string[] = isExpired ? ['spool', 'out'] : ['spool'];
    await this.files.removeAll((name) => {
      const [job, , kind = ''] = name.split('.');
      return job === id && kinds.includes(kind);
    });
    if ('upload' in input) await this.files.remove(input.upload);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async runRows(work: JobWork, task: BatchTask, file: string): Promise<Resume> {
    const { pipeline } = this.context;
    const { version, resume } = this.begin(work);
    const plan = planRows(version.signature, task.options.columns);
    const chunk = new ChunkRunner(pipeline, version, plan, task.options, work.terms, resume);
    const { size: totalBytes } = await stat(file);
    const name = nameOf(work.job, 'spool');
    const path = this.files.path(name);
    const before = this.files.path(resume.spool);
    const spool = await Spool.open(path, before, resume.spoolBytes, this.files.quota);
    let bytes = 0;
    let lastBorder = Date.now();
    const border = async (): Promise<Resume> => {
      lastBorder = Date.now();
      const now = { ...chunk.state(), spool: name, spoolBytes: await spool.sync() };
      await work.report({ rows: now.rows, bytes, totalBytes, resume: now });
      return now;
    };
    try {
      const { maxBatchSize } = version.signature;
      const most = plan.isBatched ? Math.min(chunkRows, maxBatchSize || chunkRows) : 1;
      const { format, options } = task;
      const columns = [...columnsOf(plan), ...options.keep];
      const reading = { file, format, totalBytes, columns, skip: resume.rows };
      for await (const slice of rowsApart(reading, work.terms.left)) {
        for (let at = 0; at < slice.rows.length; at += most) {
          await spool.append(await chunk.run(slice.rows.slice(at, at + most)));
        }
        ({ bytes } = slice);
        if (Date.now() - lastBorder >= borderMillis) await border();
      }
      return await border();
    } catch (error) {
      // What is done up to here need not be done again, should the job be.
      if (error instanceof ServingError && [499, 503].includes(error.httpStatus)) await border();
      throw error;
    } finally {
      await spool.close();
    }
  }

  /** One version answers all rows: where it is not there any more, the job starts anew. */
  private begin({ job, terms }: JobWork): {
    readonly version: LoadedVersion;
    readonly resume: Resume;
  } {
    const { model, version: asked } = job.request;
    const before = job.progress?.resume as Resume | undefined;
    const { gate, pipeline } = this.context;
    const version = pipeline.find(model, asked);
    gate.permit(terms, 'infer', version);
    if (before?.fingerprint === version.fingerprint && before.version === version.version) {
      return { version, resume: before };
    }
    const resume = { rows: 0, spool: '', spoolBytes: 0, failedRows: 0, outputs: [], kept: {} };
    const { fingerprint } = version;
    return { version, resume: { ...resume, version: version.version, fingerprint } };
  }

  private async deliver(
    { job, terms }: JobWork,
    { options, format }: BatchTask,
    { spool, rows, outputs, kept }: Resume,
  ): Promise<StoredReply> {
    const outputFormat = options.outputFormat ?? format;
    const out = nameOf(job, 'out');
    await this.files.remove(out);
    if (outputFormat === 'jsonl') {
      await link(this.files.path(spool), this.files.path(out));
    } else {
      const table = {
        spool: this.files.path(spool),
        file: this.files.path(out),
        format: outputFormat,
        rows,
        // Of a column that is empty throughout nobody can tell what it would have held.
        keep: options.keep.map((name) => ({ name, kind: kept[name] ?? 'text' })),
        outputs,
        withErrors: options.onError === 'collect',
      };
      await tableApart(table, terms.left);
      this.files.quota.take((await stat(table.file)).size);
    }
    await this.files.sync(out);
    if (options.output !== undefined) {
      const target = await this.folders.place(job.caller, options.output);
      await publish(this.files.path(out), target, job.id);
    }
    const headers = { 'content-type': mediaType(outputFormat) };
    return { status: 200, headers, body: Buffer.alloc(0), file: out };
  }
}

/** Each attempt has files of its own: a server that was taken for lost may still be writing. */
function nameOf({ id, attempts }: Job, kind: 'spool' | 'out'): string {
  return `${id}.${attempts}.${kind}`;
}

/** What tells whether a file has changed. */
export async function stateOf(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file).catch(() => {
    throw errors.batchFile('it is gone');
  });
  return `${size} ${mtimeMs}`;
}
