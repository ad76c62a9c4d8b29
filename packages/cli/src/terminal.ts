import pc from 'picocolors';

/** What a terminal is written to: `process.stdout`, or a test's own. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export type Colors = ReturnType<typeof pc.createColors>;

/** Results go to one stream and progress to the other, so that a script can read the results. */
export class Terminal {
  readonly colors: Colors;
  readonly errorColors: Colors;

  constructor(
    private readonly stdout: TextStream,
    private readonly stderr: TextStream,
    environment: NodeJS.ProcessEnv = {},
  ) {
    this.colors = colorsFor(stdout, environment);
    this.errorColors = colorsFor(stderr, environment);
  }

  /** A line of the result. */
  print(line = ''): void {
    this.stdout.write(`${line}\n`);
  }

  /** What is being done. */
  progress(what: string): void {
    this.stderr.write(`${this.errorColors.dim(`manara: ${what}`)}\n`);
  }

  warn(message: string): void {
    this.stderr.write(`${this.errorColors.yellow('warning:')} ${message}\n`);
  }

  error(message: string): void {
    this.stderr.write(`${this.errorColors.red('error:')} ${message}\n`);
  }

  /** Text of others, as it is: help, or a server's log. */
  raw(text: string): void {
    this.stderr.write(text);
  }

  rawResult(text: string): void {
    this.stdout.write(text);
  }
}

/** https://no-color.org: any value but an empty one turns colours off. */
function colorsFor(stream: TextStream, environment: NodeJS.ProcessEnv): Colors {
  const refused = (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
  return pc.createColors(stream.isTTY === true && !refused);
}
