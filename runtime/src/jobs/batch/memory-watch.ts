import { workerData } from 'node:worker_threads';

/** A thread that ends its process once that holds too much, be it in the middle of one long call. */
const { mebibytes, parent } = workerData as { readonly mebibytes: number; readonly parent: number };

/** Milliseconds between looks: memory is filled at some gigabytes a second. */
const lookMillis = 20;

setInterval(() => {
  const isTooMuch = process.memoryUsage.rss() > mebibytes * 1024 * 1024;
  // A server that was killed cannot end what it started.
  if (isTooMuch || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, lookMillis);
