import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FakePython {
  /** @default '3.12.1' */
  readonly version?: string;
  /** Exit code and output of pip. @default - it installs */
  readonly pip?: { readonly code: number; readonly output: string };
  /** Exit code and standard output of the tools, which write "optimized" to the target. */
  readonly tools?: { readonly code: number; readonly output: string };
}

/** A program that answers as Python does, as far as `manara optimize` asks: no test waits for an installation. */
export function fakePython(folder: string, props: FakePython = {}): string {
  const program = join(folder, 'python');
  const {
    version = '3.12.1',
    pip = { code: 0, output: '' },
    tools = { code: 0, output: '{}' },
  } = props;
  const script = `#!${process.execPath}
const fs = require('node:fs'), path = require('node:path');
const [first, second, third] = process.argv.slice(2);
const end = ({ code, output }) => { process.stdout.write(output); process.exitCode = code; };
if (first === '--version') console.log(${JSON.stringify(`Python ${version}`)});
else if (second === 'venv') {
  fs.mkdirSync(path.join(third, 'bin'), { recursive: true });
  fs.copyFileSync(__filename, path.join(third, 'bin/python'));
} else if (second === 'pip') end(${JSON.stringify(pip)});
else {
  const job = JSON.parse(fs.readFileSync(0, 'utf8'));
  fs.writeFileSync(job.target, 'optimized');
  fs.writeFileSync('left-behind', '');
  console.error('measuring …');
  console.error('Traceback: the last line');
  end(${JSON.stringify(tools)});
}
`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  return program;
}
