import { execFileSync, spawnSync } from 'node:child_process';

/** Why there is no promtool to test with; `undefined` where there is one. */
export function whyNoPrometheus(): string | undefined {
  try {
    for (const tool of ['promtool', 'prometheus'])
      execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'skip: no prometheus is installed (Debian: apt-get install --no-install-recommends prometheus)';
  }
}

/** Runs promtool. @throws Error with what it says, where it finds something */
export function promtool(...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`promtool ${args.join(' ')}:\n${stdout}${stderr}`);
}
