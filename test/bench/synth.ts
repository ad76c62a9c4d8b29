import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTable, median } from './table';

/** Time and memory of one `manara synth`, as a process. */
interface SynthCost {
  readonly seconds: number;
  readonly mebibytes: number;
}

/**
 * `manara synth` of growing trees. Each size runs `rounds` times, the sizes in turn, and the median
 * counts; the cost of an endpoint is what it adds to a tree of one.
 */
export function benchSynth(sizes: readonly number[], rounds: number): string {
  const runs = new Map(sizes.map((size) => [size, [] as SynthCost[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [size, costs] of runs) {
      process.stderr.write(`synth of ${size} endpoints, round ${round + 1} of ${rounds}\n`);
      costs.push(synthCost(size));
    }
  }
  const rows = [...runs].map(([size, costs]) => ({
    size,
    seconds: median(costs.map((c) => c.seconds)),
    mebibytes: median(costs.map((c) => c.mebibytes)),
  }));
  const one = rows[0];
  if (one === undefined) throw new Error('sizes: expected at least one');
  const added = rows.slice(1).map((row) => ({
    ...row,
    millis: ((row.seconds - one.seconds) * 1000) / (row.size - one.size),
    kibibytes: ((row.mebibytes - one.mebibytes) * 1024) / (row.size - one.size),
  }));
  const [first] = added;
  return formatTable(
    [
      'endpoints',
      'seconds',
      'MiB',
      'ms per endpoint',
      'KiB per endpoint',
      'time per endpoint ÷ first',
    ],
    rows.map((row) => {
      const extra = added.find((a) => a.size === row.size);
      return [
        String(row.size),
        row.seconds.toFixed(2),
        row.mebibytes.toFixed(0),
        extra?.millis.toFixed(2) ?? '–',
        extra?.kibibytes.toFixed(0) ?? '–',
        extra === undefined || first === undefined ? '–' : (extra.millis / first.millis).toFixed(2),
      ];
    }),
  );
}

/** Prints the peak memory of the process that it is loaded into, when that ends. */
const reportMemory =
  'process.on("exit", () => process.stderr.write(`\\nmaxrss ${process.resourceUsage().maxRSS}\\n`));';

function synthCost(size: number): SynthCost {
  const folder = mkdtempSync(join(tmpdir(), 'manara-bench-'));
  try {
    const program = require.resolve('./synth-program');
    writeFileSync(
      join(folder, 'main.js'),
      `exports.app = require(${JSON.stringify(program)}).endpoints(${size});\n`,
    );
    writeFileSync(join(folder, 'report.js'), reportMemory);
    const start = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        '--require',
        join(folder, 'report.js'),
        require.resolve('@manara/cli/build/src/main.js'),
        'synth',
        folder,
        '--output',
        join(folder, 'dist'),
      ],
      { encoding: 'utf8' },
    );
    const seconds = (performance.now() - start) / 1000;
    const kibibytes = /maxrss (\d+)/.exec(stderr)?.[1];
    if (status !== 0 || kibibytes === undefined) throw new Error(`manara synth failed: ${stderr}`);
    return { seconds, mebibytes: Number(kibibytes) / 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
