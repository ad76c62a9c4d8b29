import { isMainThread } from 'node:worker_threads';
import { engineEnvironment } from '@manara/contract';

/**
 * Keeps onnxruntime from reporting to its vendor. Native code reads the process's environment, and
 * a worker thread's `process.env` is a copy of it: only the main thread can set it. Threads started
 * after that find it set.
 */
for (const [name, value] of Object.entries(engineEnvironment)) {
  if (!isMainThread && process.env[name] !== value) {
    throw new Error(
      `onnxruntime reports to its vendor unless ${name} is ${value}, which a worker thread cannot set: load @manara/runtime in the main thread first, or start Node.js with ${name}=${value}`,
    );
  }
  process.env[name] = value;
}
