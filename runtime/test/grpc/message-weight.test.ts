import assert from 'node:assert/strict';
import { loadDefinitions } from '../../src/grpc/definitions';
import { messageWeight } from '../../src/grpc/message-weight';

describe('messageWeight', () => {
  const { requestSerialize } = loadDefinitions().inference.ModelInfer!;
  const weightOf = (inputs: readonly object[], more: object = {}): number =>
    messageWeight(requestSerialize({ model_name: 'm', inputs, ...more }));
  const input = (contents?: object): object => ({ name: 'x', datatype: 'FP32', contents });
  const empty = weightOf([input()]);

  /** What values weigh, without the few bytes around them. */
  function of(contents: Readonly<Record<string, readonly unknown[]>>): number {
    return weightOf([input(contents)]) - empty;
  }

  function assertNear(actual: number, expected: number): void {
    assert.ok(Math.abs(actual - expected) < 50, `${actual} is not about ${expected}`);
  }

  it('counts a float as one, whatever its width', () => {
    assertNear(of({ fp32_contents: Array<number>(10_000).fill(1.5) }), 10_000);
    assertNear(of({ fp64_contents: Array<number>(10_000).fill(1.5) }), 10_000);
  });

  it('counts what takes longer to decode more', () => {
    assertNear(of({ bool_contents: Array<boolean>(10_000).fill(true) }), 10_000);
    assertNear(of({ int64_contents: Array<number>(10_000).fill(1) }), 20_000);
    assertNear(weightOf(Array<object>(10_000).fill({})), 40_000);
  });

  it('counts text by its length, besides what each string costs', () => {
    assertNear(of({ bytes_contents: [Buffer.alloc(160_000)] }), 10_000);
    assertNear(of({ bytes_contents: Array<Buffer>(10_000).fill(Buffer.alloc(0)) }), 40_000);
  });

  it('counts no raw tensors, but each of them', () => {
    const raw = [Buffer.alloc(1_000_000)];
    assertNear(weightOf([input()], { raw_input_contents: raw }), empty);
    const many = Array<Buffer>(10_000).fill(Buffer.alloc(0));
    assertNear(weightOf([input()], { raw_input_contents: many }), 40_000);
  });

  it('comes to an end, whatever the bytes', () => {
    for (const bytes of [[], [0xff], [0xff, 0xff, 0xff], [0x2a, 5, 1], [0x2b], [0x2d], [0x29]]) {
      assert.ok(messageWeight(Uint8Array.from(bytes)) >= 0);
    }
    assert.ok(messageWeight(new Uint8Array(1000).fill(0x80)) >= 0);
  });
});
