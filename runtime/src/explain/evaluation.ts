import { errors } from '../errors';
import { allocate } from '../protocol/datatypes';
import type { Tensor, TensorData } from '../protocol/tensor';
import { numberAt, type Numbers } from './elements';
import type { Subject } from './subject';

/** Puts the elements of a row where a run will read them. */
export type WriteRow = (row: number, into: Numbers, at: number) => void;

/** Runs rows through the model and gives back one number for each. */
export interface Evaluation {
  /** Rows that were run so far. */
  readonly used: number;
  /**
   * Runs `count` rows, in their order.
   *
   * @param take - told what each row came to, in their order.
   * @returns how many were run; fewer than asked for where time ran out.
   */
  rows(count: number, write: WriteRow, take: (row: number, value: number) => void): Promise<number>;
}

/**
 * Runs tensors through the engine.
 *
 * @param until - aborted: what waits is not run any more, and the promise is rejected.
 */
export type RunTensors = (
  inputs: readonly Tensor[],
  output: string,
  until: AbortSignal,
) => Promise<Tensor>;

/** Rows of a subject through the engine, a chunk at a time so that other requests get their turn. */
export class EngineEvaluation implements Evaluation {
  /** Which element of the output's row is explained. */
  target = 0;
  private count = 0;
  private readonly over: AbortSignal;

  /**
   * @param left - aborted once the caller is gone.
   * @param late - aborted once the deadline is over.
   */
  constructor(
    private readonly subject: Subject,
    private readonly run: RunTensors,
    private readonly left: AbortSignal,
    late: AbortSignal,
  ) {
    this.over = AbortSignal.any([left, late]);
  }

  get used(): number {
    return this.count;
  }

  /** The output's row for the subject as it came; `undefined` where time ran out. */
  async prediction(): Promise<readonly number[] | undefined> {
    const { input, output } = this.subject;
    const inputs = this.tensors(1, (_, into, at) => {
      (into as Float32Array).set(input.data as Float32Array, at);
    });
    const result = await this.runChunk(1, inputs);
    if (result === undefined) return undefined;
    const { data, datatype } = result;
    if (Array.isArray(data)) throw unexplainable(this.subject, `output "${output.name}" is BYTES`);
    return Array.from({ length: data.length }, (_, i) => numberAt(datatype, data, i));
  }

  async rows(
    count: number,
    write: WriteRow,
    take: (row: number, value: number) => void,
  ): Promise<number> {
    const { chunkRows } = this.subject;
    const sizeAt = (start: number): number => Math.min(chunkRows, count - start);
    const inputsAt = (start: number): readonly Tensor[] =>
      this.tensors(sizeAt(start), (row, into, at) => {
        write(start + row, into, at);
      });
    let inputs = count > 0 ? inputsAt(0) : [];
    for (let start = 0; start < count; start += chunkRows) {
      const running = this.runChunk(sizeAt(start), inputs);
      // Made while the engine works, which is then not kept waiting.
      if (start + chunkRows < count) inputs = inputsAt(start + chunkRows);
      const result = await running;
      if (result === undefined) return start;
      this.takeRows(result, sizeAt(start), (row, value) => {
        take(start + row, value);
      });
    }
    return count;
  }

  private takeRows(
    { datatype, data }: Tensor,
    count: number,
    take: (row: number, value: number) => void,
  ): void {
    const perRow = data.length / count;
    for (let row = 0; row < count; row++) {
      take(row, numberAt(datatype, data as Numbers, row * perRow + this.target));
    }
  }

  private async runChunk(count: number, inputs: readonly Tensor[]): Promise<Tensor | undefined> {
    const result = this.over.aborted ? undefined : await this.untilOver(inputs);
    if (this.left.aborted) throw errors.requestCanceled();
    if (result === undefined) return undefined;
    this.check(result, count);
    this.count += count;
    return result;
  }

  /** What a run gives; `undefined` as soon as it is over: a run in native code goes on unheeded. */
  private async untilOver(inputs: readonly Tensor[]): Promise<Tensor | undefined> {
    const { over } = this;
    let stop = (): void => undefined;
    const stopped = new Promise<undefined>((resolve) => {
      stop = () => {
        resolve(undefined);
      };
    });
    over.addEventListener('abort', stop);
    try {
      return await Promise.race([this.run(inputs, this.subject.output.name, over), stopped]);
    } catch (error) {
      if (over.aborted) return undefined;
      throw error;
    } finally {
      over.removeEventListener('abort', stop);
    }
  }

  private tensors(count: number, write: WriteRow): readonly Tensor[] {
    const { input, place, others, isBatched } = this.subject;
    const size = input.data.length;
    const data = allocate(input.datatype, count * size) as Numbers;
    for (let row = 0; row < count; row++) write(row, data, row * size);
    const shape = isBatched ? input.shape.with(0, count) : input.shape;
    const held = others.map(({ tensor, isPerRow }) => repeated(tensor, isPerRow ? count : 1));
    return held.toSpliced(place, 0, { ...input, shape, data });
  }

  /** The model says of itself what it gives; what it gives is what counts. */
  private check({ name, shape, data }: Tensor, count: number): void {
    const isWhole = !this.subject.isBatched || shape[0] === count;
    if (isWhole && data.length > this.target * count) return;
    throw unexplainable(
      this.subject,
      `output "${name}" came with shape [${shape.join(',')}] for ${count} rows, so that its rows cannot be told apart`,
    );
  }
}

/** A tensor's elements `times` over, in memory of their own: a run takes its inputs away. */
function repeated(tensor: Tensor, times: number): Tensor {
  const { data, datatype } = tensor;
  const shape = times === 1 ? tensor.shape : tensor.shape.with(0, times);
  if (Array.isArray(data)) {
    return { ...tensor, shape, data: Array.from({ length: times }, () => data).flat() };
  }
  const copies: TensorData = allocate(datatype, times * data.length);
  for (let i = 0; i < times; i++) {
    (copies as Float32Array).set(data as Float32Array, i * data.length);
  }
  return { ...tensor, shape, data: copies };
}

function unexplainable({ model, version }: Subject, why: string): Error {
  return errors.explanationUnsupported(model, version, why);
}
