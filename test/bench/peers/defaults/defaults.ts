import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTable } from '../../table';
import type { BenchModel } from '../bench-model';
import { cases } from '../cases';
import { compare } from '../compare';
import { manara } from '../contenders/manara';
import { Runner } from '../measure';
import { middle, ratioOf } from '../ratios';
import { startCollector } from './collector';
import { type Variation, variations } from './variations';

const caseId = 'mlp-rest-64';

/** The server as it comes, and with one thing changed, in turn: where its model costs next to nothing. */
export async function defaultsTable(
  model: BenchModel,
  settings: { readonly rounds: number; readonly seconds: number },
): Promise<string> {
  const it = cases.find(({ id }) => id === caseId);
  if (it === undefined) throw new Error(`no case ${caseId}`);
  const folder = mkdtempSync(join(tmpdir(), 'manara-peers-'));
  const collector = await startCollector();
  const running: Runner[] = [];
  const start = async (name?: string, flags?: readonly string[]) => {
    const runner = await Runner.start(manara(name, flags), model);
    if (runner === undefined) throw new Error('the server did not start');
    running.push(runner);
    return runner;
  };
  try {
    const ours = await start();
    const others: Runner[] = [];
    for (const variation of variations(collector.url)) {
      others.push(await start(variation.name, flagsOf(variation, folder)));
    }
    const { pairs } = await compare(it, { ours, others }, settings);
    if (collector.batches === 0) throw new Error('no span reached the collector');
    return formatTable(
      ['', 'CPU-µs a request', 'as it comes', 'ratio'],
      [...pairs].map(([name, list]) => [
        name,
        middle(
          'cpu',
          list.map(({ theirs }) => theirs),
        ).toFixed(1),
        middle(
          'cpu',
          list.map(({ ours: own }) => own),
        ).toFixed(1),
        (1 / ratioOf('cpu', list)).toFixed(2),
      ]),
    );
  } finally {
    for (const runner of running) await runner.served.stop();
    await collector.stop();
    rmSync(folder, { recursive: true });
  }
}

function flagsOf({ name, flags = [], config }: Variation, folder: string): readonly string[] {
  if (config === undefined) return flags;
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(config));
  return [...flags, '--config', file];
}
