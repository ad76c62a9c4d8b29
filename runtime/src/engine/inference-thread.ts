import { parentPort, workerData } from 'node:worker_threads';
import { keepHalvesAsBits } from './half-storage';
import {
  transferable,
  type WorkerReply,
  type WorkerRequest,
  type WorkerSettings,
} from './messages';
import { type BatchResult, runBatch } from './run-batch';
import { EngineSession } from './session';
import { yieldToIo } from './thread-priority';

/** An inference thread: holds one session per version and answers one message at a time. */
if (parentPort === null) throw new Error('inference-thread runs as a worker thread only');
keepHalvesAsBits();
yieldToIo();
const port = parentPort;
const { intraOpThreads } = workerData as WorkerSettings;
const sessions = new Map<string, EngineSession>();

port.on('message', (request: WorkerRequest) => {
  let reply: WorkerReply;
  try {
    reply = { ok: true, result: perform(request) };
  } catch (thrown) {
    reply = { ok: false, error: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  port.postMessage(reply, reply.ok ? buffersOf(reply.result) : []);
  // Closing the port, not the process, lets the thread end by itself: ending it from outside
  // while a session runs would abort the whole process.
  if (request.kind === 'close') port.close();
});

function perform(request: WorkerRequest): BatchResult | undefined {
  switch (request.kind) {
    case 'load':
      sessions.set(request.key, new EngineSession(request.source, intraOpThreads));
      return undefined;
    case 'unload':
      sessions.get(request.key)?.release();
      sessions.delete(request.key);
      return undefined;
    case 'run': {
      const session = sessions.get(request.key);
      if (session === undefined) throw new Error(`this thread holds no session for ${request.key}`);
      return runBatch(session, request.batch);
    }
    case 'close':
      for (const session of sessions.values()) session.release();
      sessions.clear();
      return undefined;
  }
}

function buffersOf(result: BatchResult | undefined): ArrayBuffer[] {
  if (result === undefined) return [];
  const { outcome } = result;
  if (outcome.kind === 'together') return transferable(outcome.outputs);
  return transferable(outcome.outcomes.flatMap((one) => (one.ok ? one.outputs : [])));
}
