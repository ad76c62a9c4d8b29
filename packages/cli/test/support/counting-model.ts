/** As much of a server with one model as `manara profile` asks for, with runs as long as it is told. */
export class CountingModel {
  private runs = 0;
  private nanos = 0;

  /** @param runMillis - of the run that is counted next */
  constructor(private readonly runMillis: () => number) {}

  /** @returns the body of the answer */
  answer(path: string): string {
    return JSON.stringify(this.answerTo(path));
  }

  private answerTo(path: string): object {
    if (path.endsWith('/infer')) {
      this.runs++;
      this.nanos += this.runMillis() * 1e6;
      return {};
    }
    if (path.endsWith('/index')) return [{ name: 'm', version: '1', state: 'READY' }];
    if (path.endsWith('/config')) return { max_batch_size: 0 };
    if (path.endsWith('/stats')) {
      const { runs: count, nanos: ns } = this;
      const batches = [{ batch_size: 1, compute_infer: { count, ns } }];
      return {
        model_stats: [{ inference_stats: { queue: { count, ns: 0 } }, batch_stats: batches }],
      };
    }
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }];
    return { version: '0', versions: ['1'], inputs };
  }
}
