import type { BenchModel } from './bench-model';
import { type Comparison, secondsFor } from './compare';
import { manara } from './contenders/manara';
import { runLoad, Runner } from './measure';
import { getBytes } from './requests';
import type { Pair, Sample } from './sample';

/** A kubelet asks every few seconds; this often gives a p99 that can be told within a round. */
const pauseMillis = 2;

/** `GET /v2/health/live` by one caller: while 64 requests of the slow model are in hand, and while none is. */
export async function compareHealth(
  model: BenchModel,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Comparison> {
  const runner = await Runner.start(manara(), model);
  if (runner === undefined) throw new Error('the server did not start');
  const port = runner.served.ports.rest ?? 0;
  const long = secondsFor(model.name, seconds);
  const probe = async (): Promise<Sample> => {
    const result = await runLoad({
      protocol: 'http',
      port,
      request: getBytes('/v2/health/live', port).toString('base64'),
      serverPid: runner.served.pid,
      concurrency: 1,
      pauseMillis,
      seconds: long,
      warmupSeconds: 1,
    });
    return {
      requestsPerSecond: result.requests / result.seconds,
      // Most of it is inference.
      cpuMicros: NaN,
      p50Millis: result.p50Millis,
      p99Millis: result.p99Millis,
    };
  };
  try {
    const pairs: Pair[] = [];
    for (let round = 0; round < rounds; round++) {
      process.stderr.write(`health: round ${round + 1} of ${rounds}\n`);
      const idle = await probe();
      // Begins before the probe's measured time and ends after it.
      const load = { concurrency: 64, warmupSeconds: 1, seconds: long + 1 };
      const [busy] = await Promise.all([probe(), runner.run('rest', load)]);
      pairs.push({ ours: busy, theirs: idle });
    }
    return {
      caseId: 'health',
      ours: pairs.map(({ ours }) => ours),
      pairs: new Map([['the same when idle', pairs]]),
    };
  } finally {
    await runner.served.stop();
  }
}
