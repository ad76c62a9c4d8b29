import { parentPort, workerData } from 'node:worker_threads';
import type { Tensor } from '../protocol/tensor';
import {
  transferable,
  type WorkerReply,
  type WorkerRequest,
  type WorkerSettings,
} from './messages';
import { keepHalvesAsBits } from './half-storage';
import { InferenceSession, OrtTensor } from './onnxruntime';
import { datatypeOfOrt, ortType, sessionOptions } from './ort-types';

/** An inference thread: holds one session per version and answers one message at a time. */
if (parentPort === null) throw new Error('inference-thread runs as a worker thread only');
keepHalvesAsBits();
const port = parentPort;
const { intraOpThreads } = workerData as WorkerSettings;
const sessions = new Map<string, InferenceSession>();
const done = { ok: true, outputs: [], computeMicros: 0 } as const;

port.on('message', (request: WorkerRequest) => {
  answer(request)
    .then((reply) => {
      port.postMessage(reply, reply.ok ? transferable(reply.outputs) : []);
    })
    .catch((thrown: unknown) => {
      const error = thrown instanceof Error ? thrown.message : String(thrown);
      port.postMessage({ ok: false, error } satisfies WorkerReply);
    })
    .finally(() => {
      // Closing the port, not the process, lets the thread end by itself: ending it from outside
      // while a session runs would abort the whole process.
      if (request.kind === 'close') port.close();
    });
});

async function answer(request: WorkerRequest): Promise<WorkerReply> {
  switch (request.kind) {
    case 'load':
      sessions.set(
        request.key,
        await InferenceSession.create(request.file, sessionOptions(intraOpThreads)),
      );
      return done;
    case 'unload':
      await sessions.get(request.key)?.release();
      sessions.delete(request.key);
      return done;
    case 'run':
      return run(request.key, request.inputs, request.outputs);
    case 'close':
      for (const session of sessions.values()) await session.release();
      sessions.clear();
      return done;
  }
}

async function run(
  key: string,
  inputs: readonly Tensor[],
  wanted: readonly string[],
): Promise<WorkerReply> {
  const session = sessions.get(key);
  if (session === undefined) throw new Error(`this thread holds no session for ${key}`);
  const feeds: Record<string, OrtTensor> = {};
  for (const { name, datatype, data, shape } of inputs) {
    feeds[name] = new OrtTensor(ortType[datatype], data, shape);
  }
  const begin = process.hrtime.bigint();
  const results = await session.run(feeds, wanted);
  const computeMicros = Number((process.hrtime.bigint() - begin) / 1000n);
  return { ok: true, outputs: wanted.map((name) => outputOf(name, results[name])), computeMicros };
}

function outputOf(
  name: string,
  result: InferenceSession.OnnxValueMapType[string] | undefined,
): Tensor {
  if (!(result instanceof OrtTensor)) throw new Error(`output "${name}" is not a tensor`);
  const { type, dims, data } = result;
  return { name, datatype: datatypeOfOrt(name, type), shape: dims, data };
}
