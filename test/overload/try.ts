import { mkdirSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { benchModels } from '../bench/peers/bench-model';
import { openInference, postBytes } from '../bench/peers/requests';
import { quantile } from '../bench/table';
import { ServerUnderTest } from '../support/server-under-test';
import { closedLoop, openLoop } from './load';
void mkdirSync;
async function main(): Promise<void> {
  const model = benchModels()!.minilm;
  const seconds = Number(process.argv[2] ?? 10);
  let objectiveMillis = Number(process.argv[3] ?? 400);
  const server = await ServerUnderTest.start({
    models: { minilm: readFileSync(model.file) },
    config: { objectiveMillis, maxRequestBytes: 1024 * 1024 },
  });
  const request = postBytes(openInference, model, server.httpPort);
  const single = await closedLoop(server.httpPort, request, { concurrency: 1, seconds: 3 });
  console.log(
    'single p50',
    quantile(
      single.outcomes.map((o) => o.millis),
      0.5,
    ),
  );
  for (const concurrency of [4, 8, 16]) {
    const peak = await closedLoop(server.httpPort, request, { concurrency, seconds: 4 });
    const ok = peak.outcomes.filter((o) => o.status === 200);
    console.log(
      'closed',
      concurrency,
      ok.length / peak.seconds,
      'refused',
      peak.outcomes.length - ok.length,
      'p99',
      quantile(
        ok.map((o) => o.millis),
        0.99,
      ),
    );
    objectiveMillis = ok.length / peak.seconds;
  }
  const over = await openLoop(server.httpPort, request, {
    perSecond: objectiveMillis * 5,
    seconds,
  });
  const ok = over.outcomes.filter((o) => o.status === 200);
  const refused = over.outcomes.filter((o) => o.status !== 200);
  const p = (list: typeof ok, q: number) =>
    quantile(
      list.map((o) => o.millis),
      q,
    ).toFixed(1);
  console.log(
    'open',
    objectiveMillis * 5,
    '/s; goodput',
    ok.length / over.seconds,
    'p50',
    p(ok, 0.5),
    'p99',
    p(ok, 0.99),
    'max',
    p(ok, 1),
  );
  console.log(
    'refused',
    refused.length,
    'p50',
    p(refused, 0.5),
    'p99',
    p(refused, 0.99),
    'late p99',
    quantile(over.lateMillis, 0.99),
    new Set(refused.map((o) => `${o.status} ${o.retryAfter}`)),
  );
  console.log(server.lines.slice(-3), server.lines.length, server.stderr);
  await server.stop();
}
void main();
