import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CacheKeys, type KeyParts } from '../../src/cache/key';
import type { Tensor } from '../../src/protocol/tensor';
import { floats } from '../support/runs';

const secret = Buffer.alloc(32, 7);
const parts = { model: 'fraud', version: 1, digest: 'd', tenant: 'bank', zone: 'uae' };

function keyOf(
  { zone, ...rest }: KeyParts,
  inputs: readonly Tensor[],
  outputs: readonly string[] = ['y'],
): string {
  return new CacheKeys(secret, zone).of(rest, { inputs, outputs });
}

describe('CacheKeys', () => {
  it('is a keyed hash: without the secret nobody can tell which input a key belongs to', () => {
    const request = { inputs: [floats('x', 1)], outputs: ['y'] };
    const { zone, ...rest } = parts;
    const other = new CacheKeys(Buffer.alloc(32, 8), zone).of(rest, request);
    assert.notEqual(keyOf(parts, request.inputs), other);
    assert.match(other, /^[\w-]{43}$/);
  });

  it('keeps tenants, zones, models, versions and contents of files apart', () => {
    const text = fc.string({ maxLength: 3 });
    const part = fc.record({
      model: text,
      version: fc.integer({ min: 1, max: 20 }),
      digest: text,
      tenant: text,
      zone: text,
    });
    fc.assert(
      fc.property(part, part, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        assert.equal(keyOf(a, [floats('x', 1)]) === keyOf(b, [floats('x', 1)]), same);
      }),
    );
  });

  it('gives no two tenants the same key, however the names of tenant and model run together', () => {
    assert.notEqual(
      keyOf({ ...parts, tenant: 'ab', model: 'c' }, []),
      keyOf({ ...parts, tenant: 'a', model: 'bc' }, []),
    );
  });

  it('tells inputs apart by name, datatype, shape, bits and chosen outputs', () => {
    const x = floats('x', 1, 2);
    const sameBits = new Int32Array(Float32Array.of(1, 2).buffer);
    const others: readonly (readonly Tensor[])[] = [
      [floats('z', 1, 2)],
      [{ ...x, datatype: 'INT32', data: sameBits }],
      [{ ...x, shape: [2, 1] }],
      [floats('x', 1, 3)],
      [floats('x', 1), floats('x', 2)],
      [],
    ];
    const keys = [keyOf(parts, [x]), ...others.map((inputs) => keyOf(parts, inputs))];
    keys.push(keyOf(parts, [x], ['y', 'z']), keyOf(parts, [x], ['yz']), keyOf(parts, [x], []));
    assert.equal(new Set(keys).size, keys.length);
  });

  it('takes 0.0 and -0.0, and NaNs with different bits, for different inputs', () => {
    assert.notEqual(keyOf(parts, [floats('x', 0)]), keyOf(parts, [floats('x', -0)]));
    const nan = (bits: number): Tensor => ({
      ...floats('x', 0),
      data: new Float32Array(Uint32Array.of(bits).buffer),
    });
    assert.notEqual(keyOf(parts, [nan(0x7fc00000)]), keyOf(parts, [nan(0x7fc00001)]));
    assert.equal(keyOf(parts, [nan(0x7fc00000)]), keyOf(parts, [nan(0x7fc00000)]));
  });

  it('tells strings apart by where they end', () => {
    const strings = (...data: string[]): Tensor => ({
      name: 'x',
      datatype: 'BYTES',
      shape: [data.length],
      data,
    });
    assert.notEqual(keyOf(parts, [strings('ab', 'c')]), keyOf(parts, [strings('a', 'bc')]));
  });
});
