import { cpus } from 'node:os';
import { benchPreview } from './preview';
import { benchServing } from './serving';
import { benchSynth } from './synth';

const rounds = Number(process.env.MANARA_BENCH_ROUNDS ?? '3');
const previews = (process.env.MANARA_BENCH_PREVIEWS ?? '1,10,100').split(',').map(Number);

const print = (text: string): void => {
  process.stdout.write(`${text}\n\n`);
};

const parts = {
  serving: async () => {
    print('The server against onnxruntime alone, one thread, batch 1');
    print(await benchServing(rounds));
  },
  synth: () => {
    print('`manara synth`, two versions an endpoint, six objects each');
    print(benchSynth([1, 10, 100, 1000], rounds));
  },
  preview: async () => {
    print('`pulumi preview`, the same endpoints, against the same resources written by hand');
    const found = await benchPreview(previews, rounds);
    print(found?.tables ?? 'skipped: see above');
    for (const fault of found?.faults ?? []) process.stdout.write(`above the limit: ${fault}\n`);
    if (found !== undefined && found.faults.length > 0) process.exitCode = 1;
  },
} as const;

/** What needs no test bed, which may take an hour to build. */
const usual = ['serving', 'synth'];

/**
 * `npm run bench [-- PART…]`: every figure is a ratio within this run, or a cost per endpoint. Exit code
 * 1 where one is above its limit.
 */
async function main(args: readonly string[]): Promise<void> {
  const chosen = args.length === 0 ? usual : args;
  const unknown = chosen.find((name) => !(name in parts));
  if (unknown !== undefined) {
    throw new Error(`no part "${unknown}"; one of: ${Object.keys(parts).join(' ')}`);
  }
  print(
    `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node.js ${process.version}, ${rounds} rounds`,
  );
  for (const [name, run] of Object.entries(parts)) if (chosen.includes(name)) await run();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
