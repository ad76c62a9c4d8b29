import { createRequire } from 'node:module';
import { settings, type Way } from './settings';

/** Each way loads its own packages only: what the other ways import would count as theirs. */
const programs: Readonly<Record<Way, string>> = {
  'by hand': './by-hand',
  'deploy(app)': './deployed',
  doors: './doors',
};

const found = settings(process.env);
const { run } = createRequire(__filename)(programs[found.MANARA_BENCH_WAY]) as {
  readonly run: (settings: typeof found) => void;
};
run(found);
