import assert from 'node:assert/strict';
import { addUp } from '../../src/profile/operator-times';

describe('the profiler’s events, added up', () => {
  const event = (node: string, operator: string, dur: number) => ({
    cat: 'Node',
    name: `${node}_kernel_time`,
    dur,
    args: { op_name: operator },
  });

  it('gives the mean run by operator and by node, the slowest first', () => {
    const events = [
      { cat: 'Session', name: 'model_run', dur: 500 },
      event('a', 'MatMul', 10),
      event('b', 'MatMul', 30),
      event('c', 'Relu', 60),
      event('a', 'MatMul', 20),
      event('b', 'MatMul', 40),
      event('c', 'Relu', 40),
    ];
    assert.deepEqual(addUp(events, 2), {
      runs: 2,
      micros: 100,
      operators: [
        { name: 'MatMul', calls: 2, micros: 50, share: 0.5 },
        { name: 'Relu', calls: 1, micros: 50, share: 0.5 },
      ],
      nodes: [
        { name: 'c', operator: 'Relu', calls: 1, micros: 50, share: 0.5 },
        { name: 'b', operator: 'MatMul', calls: 1, micros: 35, share: 0.35 },
        { name: 'a', operator: 'MatMul', calls: 1, micros: 15, share: 0.15 },
      ],
    });
  });

  it('is empty of no events', () => {
    assert.deepEqual(addUp([], 1), { runs: 1, micros: 0, operators: [], nodes: [] });
  });
});
