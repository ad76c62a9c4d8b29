import { models } from './models';
import { runRaw } from './raw-engine';

/** `node raw-process.js MODEL SECONDS` prints a RawResult as JSON. */
async function main(): Promise<void> {
  const [name, seconds] = process.argv.slice(2);
  const model = models().find((m) => m.name === name);
  if (model === undefined) throw new Error(`no such model: ${name ?? 'none'}`);
  process.stdout.write(JSON.stringify(await runRaw(model, Number(seconds))));
}

void main();
