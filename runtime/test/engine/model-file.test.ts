import assert from 'node:assert/strict';
import { readModelFile } from '../../src/engine/model-file';
import { addConstant, addExternal, perceptron, slowOnDemand } from '../support/models';
import { TemporaryRepository } from '../support/temporary';

/** One field that holds bytes, as protobuf writes it. */
function field(number: number, ...parts: readonly Uint8Array[]): Buffer {
  const held = Buffer.concat(parts);
  return Buffer.concat([varint(number * 8 + 2), varint(held.length), held]);
}

function varint(value: number): Buffer {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** A TensorProto that says `data_location: EXTERNAL`. */
const external = Buffer.from([14 * 8, 1]);

/** Graphs in one another, each the one attribute of the one node of the next. */
function branches(count: number): Uint8Array {
  return count === 0 ? Buffer.alloc(0) : field(1, field(5, field(6, branches(count - 1))));
}

describe('readModelFile', () => {
  const repository = new TemporaryRepository();
  const check = (bytes: Uint8Array): void => {
    readModelFile(repository.add('m', 1, bytes));
  };
  const elsewhere = /keeps weights in other files/;
  after(() => {
    repository.remove();
  });

  it('tells whether values can make a run take longer', () => {
    const steady = (bytes: Uint8Array): boolean =>
      readModelFile(repository.add('m', 1, bytes)).steady;
    assert.equal(steady(perceptron()), true);
    assert.equal(steady(slowOnDemand(1)), false);
  });

  it('lets a model pass that holds its weights', () => {
    check(addConstant(1));
    check(perceptron());
  });

  it('refuses weights in another file, wherever that is', () => {
    for (const location of ['weights.bin', '../../../../etc/passwd', '/etc/passwd']) {
      assert.throws(() => {
        check(addExternal(location));
      }, elsewhere);
    }
  });

  /** Where a tensor may stand, as the field numbers that lead to it from the model. */
  const places: Readonly<Record<string, readonly number[]>> = {
    'an initializer': [7, 5],
    "a sparse initializer's values": [7, 15, 1],
    "a sparse initializer's indices": [7, 15, 2],
    "a constant's value": [7, 1, 5, 5],
    'one of several values': [7, 1, 5, 10],
    'a sparse constant': [7, 1, 5, 22, 1],
    'one of several sparse values': [7, 1, 5, 23, 1],
    "a branch's initializer": [7, 1, 5, 6, 5],
    'one of several branches': [7, 1, 5, 11, 5],
    'a branch of a branch': [7, 1, 5, 6, 1, 5, 6, 5],
    "a function's constant": [25, 7, 5, 5],
    "a function's attribute": [25, 11, 5],
    'what training starts with': [20, 1, 5],
    'what training does': [20, 2, 5],
  };
  for (const [place, path] of Object.entries(places)) {
    it(`finds them in ${place}`, () => {
      const model = path.reduceRight<Uint8Array>((held, number) => field(number, held), external);
      assert.throws(() => {
        check(model);
      }, elsewhere);
    });
  }

  it('reads past weights without being led astray by what they hold', () => {
    // The same bytes, once as the raw data of a tensor and once as a tensor after it.
    const raw = field(9, Buffer.alloc(100_000, external));
    check(field(7, field(5, raw)));
    assert.throws(() => {
      check(field(7, field(5, raw), field(5, external)));
    }, elsewhere);
  });

  const broken: Readonly<Record<string, readonly [Uint8Array, RegExp]>> = {
    'ends in a key': [Buffer.from([0x80]), /it is cut short/],
    'ends in a length': [Buffer.from([7 * 8 + 2]), /it is cut short/],
    'ends in a message': [field(7, external).subarray(0, -1), /runs past its message/],
    'has a field longer than its message': [
      field(7, Buffer.from([1 * 8 + 2, 50])),
      /runs past its message/,
    ],
    'ends in a fixed number': [Buffer.from([1 * 8 + 1, 0, 0]), /runs past its message/],
    'has a number without an end': [Buffer.alloc(20, 0xff), /does not end/],
    'has a field of no kind': [Buffer.from([7 * 8 + 7]), /holds no protobuf field/],
    'nests too deep': [field(7, branches(40)), /nest more than 100 deep/],
  };
  for (const [what, [bytes, message]] of Object.entries(broken)) {
    it(`refuses a file that ${what}`, () => {
      assert.throws(() => {
        check(bytes);
      }, message);
    });
  }
});
