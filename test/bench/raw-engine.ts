import { InferenceSession, Tensor } from 'onnxruntime-node';

/** One model and one input, as both sides of the comparison run it. */
export interface BenchModel {
  readonly name: string;
  readonly file: string;
  readonly input: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Output that is asked for. */
  readonly output: string;
  /** Requests in flight that the server is measured at. */
  readonly concurrencies: readonly number[];
}

/** What the engine does by itself, one run after the other on one thread. */
export interface RawResult {
  readonly runsPerSecond: number;
  readonly cpuMicrosPerRun: number;
}

/** Runs a model for a while in this process. Start it in a process of its own to read its CPU time. */
export async function runRaw(model: BenchModel, seconds: number): Promise<RawResult> {
  const session = await InferenceSession.create(model.file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const feeds = { [model.input]: new Tensor('float32', model.values, [...model.shape]) };
  const once = () => session.run(feeds, [model.output]);
  for (let i = 0; i < 20; i++) await once();
  const cpu = process.cpuUsage();
  const start = performance.now();
  let runs = 0;
  while (performance.now() - start < seconds * 1000) {
    await once();
    runs++;
  }
  const elapsed = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  return { runsPerSecond: runs / elapsed, cpuMicrosPerRun: (used.user + used.system) / runs };
}
