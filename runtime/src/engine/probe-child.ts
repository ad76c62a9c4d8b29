import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ProbeReport, type ProbeTask, unknownTraits } from './probe';
import './telemetry-off';

/**
 * The process that a model file is probed in: whatever the file does to native code, it does it here
 * first. A run blocks its thread, so the file is loaded in a second one, and this one stays awake to
 * end the process when its time is over or the server is gone.
 */
const lastRunsMillis = 10_000;

process.once('disconnect', end);
process.once('message', (task: ProbeTask) => {
  setTimeout(end, task.timeoutSeconds * 1000);
  const thread = new Worker(join(__dirname, 'probe-thread.js'), { workerData: task });
  thread.on('message', (message: ProbeReport) => {
    // What the thread does next may end this process: it waits until the report is on its way.
    process.send?.(message, () => {
      thread.postMessage('sent');
    });
    if (message.stage === 'runs') {
      setTimeout(report, lastRunsMillis, { stage: 'done', traits: unknownTraits });
    }
  });
  thread.once('error', (error) => {
    report({ stage: 'refused', error: error.message });
  });
});

function report(message: ProbeReport): void {
  process.send?.(message);
}

/** `process.exit` would wait for the run in hand. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}
