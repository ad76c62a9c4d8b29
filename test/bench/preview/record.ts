import { writeFileSync } from 'node:fs';
import { record } from '@manara/pulumi-testing';
import { run } from './deployed';

/** `record.js COUNT FILE`: what `deploy` registers, as data for the program that is written by hand. */
const [count = '', file = ''] = process.argv.slice(2);

void record(() => {
  run({ MANARA_BENCH_ENDPOINTS: count });
}).then(({ registered }) => {
  const written = registered.filter(({ type }) => !type.startsWith('pulumi:'));
  writeFileSync(file, JSON.stringify(written));
});
