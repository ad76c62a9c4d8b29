import { parentPort } from 'node:worker_threads';
import { planCoalitions } from './coalitions';
import type { MathReply, MathTask } from './math';
import { sampledShapley } from './sampled-shapley';

/** A thread for arithmetic that would hold up every other request. */
if (parentPort === null) throw new Error('math-thread runs as a worker thread only');
const port = parentPort;

port.on('message', (task: MathTask) => {
  port.postMessage(answer(task));
});

function answer(task: MathTask): MathReply {
  try {
    return task.kind === 'plan'
      ? { kind: 'plan', plan: planCoalitions(task.features, task.coalitions, task.seed) }
      : { kind: 'solved', solution: sampledShapley(task.game) };
  } catch (thrown) {
    return { kind: 'failed', detail: thrown instanceof Error ? (thrown.stack ?? '') : '' };
  }
}
