import { errors, ServingError } from '../../errors';
import type { InferencePipeline } from '../../infer';
import type { Tensor } from '../../protocol/tensor';
import { checkRequest } from '../../protocol/validate';
import type { LoadedVersion } from '../../repository/loaded-version';
import type { JobTerms } from '../terms';
import { withinLimit } from '../within-limit';
import { keptCell, type KeptKind, kindWith } from './kept';
import type { BatchOptions } from './options';
import type { Resume } from './resume';
import { inputsOf, type Row, type RowPlan } from './rows';
import { cellsOf, type OutputRow } from './spool';
import type { OutputLayout } from './writers';

/** Runs rows of a batch, some at a time, on one version. */
export class ChunkRunner {
  private rows: number;
  private failedRows: number;
  private outputs: readonly OutputLayout[];
  private readonly kinds: Map<string, KeptKind>;

  constructor(
    private readonly pipeline: InferencePipeline,
    private readonly version: LoadedVersion,
    private readonly plan: RowPlan,
    private readonly options: BatchOptions,
    private readonly terms: JobTerms,
    resume: Resume,
  ) {
    this.rows = resume.rows;
    this.failedRows = resume.failedRows;
    this.outputs = resume.outputs;
    this.kinds = new Map(Object.entries(resume.kept));
  }

  state(): Omit<Resume, 'spool' | 'spoolBytes'> {
    const { rows, failedRows, outputs, kinds, version } = this;
    const { fingerprint } = version;
    const kept = Object.fromEntries(kinds);
    return { rows, failedRows, outputs, kept, version: version.version, fingerprint };
  }

  /** @throws ServingError BATCH_ROW for a row that is refused, unless such are collected */
  async run(rows: readonly Row[]): Promise<readonly OutputRow[]> {
    const written = await this.answer(rows);
    this.rows += rows.length;
    return written;
  }

  private async answer(rows: readonly Row[]): Promise<readonly OutputRow[]> {
    try {
      return this.written(rows, await this.infer(rows));
    } catch (error) {
      if (!(error instanceof ServingError) || !isOfTheRow(error)) throw error;
      const [row] = rows;
      if (rows.length === 1 && row !== undefined) return [this.refused(row, error)];
      // Which of them it is, each alone tells.
      const parts: OutputRow[] = [];
      for (const one of rows) parts.push(...(await this.answer([one])));
      return parts;
    }
  }

  private async infer(rows: readonly Row[]): Promise<readonly Tensor[]> {
    const { model, version, fingerprint } = this.version;
    const now = this.pipeline.find(model, String(version));
    if (now.fingerprint !== fingerprint) throw errors.modelNotReady(model, 'its file has changed');
    const request = { inputs: inputsOf(this.plan, rows), outputs: [] };
    const read = (signature: LoadedVersion['signature']): ReturnType<typeof checkRequest> =>
      checkRequest(signature, request);
    // One version answers all rows: what stands in for it in a hurry would be told by nothing.
    const target = { version: now, isExact: true };
    const { response } = await withinLimit(this.terms, () =>
      this.pipeline.run(target, read, this.terms),
    );
    return response.outputs;
  }

  private written(rows: readonly Row[], outputs: readonly Tensor[]): readonly OutputRow[] {
    const count = this.plan.isBatched ? rows.length : 1;
    for (const { name, shape, data } of outputs) {
      if (data.length % count === 0 && (!this.plan.isBatched || shape[0] === count)) continue;
      throw errors.batchOutput(name, `[${shape.join(',')}]`, count);
    }
    this.layOut(outputs, count);
    return rows.map((row, i) => ({
      ...this.kept(row),
      ...Object.fromEntries(outputs.map((output) => [output.name, cellsOf(output, i, count)])),
    }));
  }

  /** The columns of a table are those of its first row. */
  private layOut(outputs: readonly Tensor[], count: number): void {
    const layout = outputs.map(({ name, datatype, data }) => ({
      name,
      datatype,
      size: data.length / count,
    }));
    if (this.outputs.length === 0) this.outputs = layout;
    if (this.options.outputFormat === 'jsonl') return;
    for (const [i, { name, size }] of layout.entries()) {
      const first = this.outputs[i]?.size ?? size;
      if (first !== size) throw errors.batchWidth(name, size, first);
    }
  }

  private refused(row: Row, { code, message }: ServingError): OutputRow {
    if (this.options.onError === 'fail') throw errors.batchRow(row.line, code, message);
    this.failedRows++;
    return { ...this.kept(row), error: { line: row.line, code, error: message } };
  }

  private kept({ values }: Row): OutputRow {
    const cells: Record<string, unknown> = {};
    for (const name of this.options.keep) {
      const value = values[name];
      const kind = kindWith(this.kinds.get(name), value);
      if (kind !== undefined) this.kinds.set(name, kind);
      cells[name] = keptCell(value);
    }
    return cells;
  }
}

/** Whether another row would be answered: the fault is in what was sent. */
function isOfTheRow({ httpStatus, code }: ServingError): boolean {
  return (
    httpStatus >= 400 &&
    httpStatus < 500 &&
    ![429, 499].includes(httpStatus) &&
    !code.startsWith('MODEL_')
  );
}
