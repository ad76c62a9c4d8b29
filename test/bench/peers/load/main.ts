import { setPriority } from 'node:os';
import { text } from 'node:stream/consumers';
import { loadGrpc } from './grpc-load';
import { loadHttp } from './http-load';
import type { LoadJob } from './job';
import { Recorder } from './recorder';

/** `node load/main.js` reads a LoadJob and prints a LoadResult. A process of its own for every case. */
async function main(): Promise<void> {
  const job = JSON.parse(await text(process.stdin)) as LoadJob;
  favour();
  const recorder = new Recorder(job);
  const load = job.protocol === 'http' ? loadHttp : loadGrpc;
  const [result] = await Promise.all([recorder.measure(), load(job, recorder)]);
  process.stdout.write(JSON.stringify(result));
}

/** Clients have machines of their own: how long this one waits for a core is not the server's doing. */
function favour(): void {
  try {
    setPriority(-10);
  } catch {
    // Not everybody may; the run then says a little less of the server, the same for all.
  }
}

main().catch((error: unknown) => {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
