import assert from 'node:assert/strict';
import type { Scheduler } from '../src/engine/scheduler';
import { errors } from '../src/errors';
import { InferencePipeline, type PipelineSteps } from '../src/infer';
import type { ModelRepository } from '../src/repository/repository';
import { floats, resultOf, termsOf, versionOf } from './support/runs';

/** An engine that is overloaded. */
const overloaded = {
  checkLoad: () => {
    throw errors.overloaded(1);
  },
  run: () => Promise.reject(errors.overloaded(1)),
} as unknown as Scheduler;

describe('InferencePipeline under overload', () => {
  const version = versionOf('fraud');
  let reads = 0;

  async function run(mayStandIn: boolean): ReturnType<InferencePipeline['run']> {
    reads = 0;
    const steps: PipelineSteps = {
      steps: [(run, next) => next(run).catch(() => resultOf(1))],
      mayStandIn: () => mayStandIn,
    };
    const pipeline = new InferencePipeline(
      undefined as unknown as ModelRepository,
      overloaded,
      steps,
    );
    const read = () => {
      reads++;
      return { inputs: [floats('x', 1)], outputs: ['y'] };
    };
    return pipeline.run({ version }, read, termsOf());
  }

  it('refuses before the body is read', async () => {
    await assert.rejects(run(false), { code: 'OVERLOADED' });
    assert.equal(reads, 0);
  });

  it('reads it where something may stand in for the engine', async () => {
    const { response } = await run(true);
    assert.deepEqual(response.outputs, [floats('y', 1)]);
    assert.equal(reads, 1);
  });
});
