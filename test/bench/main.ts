import { cpus } from 'node:os';
import { benchServing } from './serving';
import { benchSynth } from './synth';

/** `npm run bench`: every figure is a ratio within this run, or a cost per endpoint. */
async function main(): Promise<void> {
  const rounds = Number(process.env.MANARA_BENCH_ROUNDS ?? '3');
  process.stdout.write(
    `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node.js ${process.version}, median of ${rounds} rounds\n\n`,
  );
  process.stdout.write('The server against onnxruntime alone, one thread, batch 1\n\n');
  process.stdout.write(`${await benchServing(rounds)}\n\n`);
  process.stdout.write('`manara synth`, two versions an endpoint, seven objects each\n\n');
  process.stdout.write(`${benchSynth([1, 10, 100, 1000], rounds)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
