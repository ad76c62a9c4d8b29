import { middle } from '../ratios';
import type { BenchModel } from '../bench-model';
import type { Sample } from '../sample';
import { rawWays, type RawWay, runRaw } from './raw-engine';

export const rawName = 'onnxruntime alone';

const surveyRounds = 3;
const surveySeconds = 1.5;

/** The engine without a server, called in the way that is the fastest for a model. */
export class RawSide {
  private constructor(
    private readonly model: BenchModel,
    private readonly python: string | undefined,
    readonly best: RawWay,
    /** Of every way, the best first: how it was called, and CPU-µs a row. */
    readonly survey: readonly string[],
  ) {}

  /**
   * Tries all ways in turn, and takes that with the lowest middle round of CPU time a row: with nothing
   * else to do than to compute, throughput follows from it, and neighbours on the machine disturb it less.
   */
  static async find(model: BenchModel, python: string | undefined): Promise<RawSide> {
    const ways = rawWays(python).map((way) => ({ way, samples: [] as Sample[] }));
    for (let round = 0; round < surveyRounds; round++) {
      process.stderr.write(`${model.name}, ${rawName}: round ${round + 1} of ${surveyRounds}\n`);
      for (const { way, samples } of ways) {
        samples.push(await runRaw(model, way, surveySeconds, python));
      }
    }
    const found = ways
      .map(({ way, samples }) => ({ way, micros: middle('cpu', samples) }))
      .toSorted((a, b) => a.micros - b.micros);
    const [best] = found;
    if (best === undefined) throw new Error('there is no way to call the engine');
    const survey = found.map(
      ({ way, micros }) => `${way.engine}, batch ${way.batch}: ${micros.toFixed(0)}`,
    );
    return new RawSide(model, python, best.way, survey);
  }

  run(seconds: number): Promise<Sample> {
    return runRaw(this.model, this.best, seconds, this.python);
  }
}
