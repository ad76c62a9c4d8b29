import { formatTable } from '../../table';
import type { BenchModel } from '../bench-model';
import { cases } from '../cases';
import { compare } from '../compare';
import { manara, type Variation } from '../contenders/manara';
import { Runner } from '../measure';
import { middle, ratioOf } from '../ratios';
import { variations } from './variations';

const caseId = 'mlp-rest-64';

/** The server as it comes, and with one thing changed, in turn: where its model costs next to nothing. */
export async function defaultsTable(
  model: BenchModel,
  settings: { readonly rounds: number; readonly seconds: number },
): Promise<string> {
  const it = cases.find(({ id }) => id === caseId);
  if (it === undefined) throw new Error(`no case ${caseId}`);
  const running: Runner[] = [];
  const start = async (name?: string, variation?: Variation) => {
    const runner = await Runner.start(manara(name, variation), model);
    if (runner === undefined) throw new Error('the server did not start');
    running.push(runner);
    return runner;
  };
  try {
    const ours = await start();
    const others: Runner[] = [];
    for (const [name, variation] of Object.entries(variations)) {
      others.push(await start(name, variation));
    }
    const { pairs } = await compare(it, { ours, others }, settings);
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
  }
}
